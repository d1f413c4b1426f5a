// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support
import Testing

@testable import HostAgent

@Suite struct `Templates` {
    @Test func `values are put in as they are, not escaped`() throws {
        let text = try TemplateRenderer.render("a = {{name}};", with: ["name": "<&>"])
        #expect(text == "a = <&>;")
    }

    @Test func `a section is repeated for each item of a list`() throws {
        let model: Value = ["servers": [["port": 1], ["port": 2]], "address": "127.0.0.1"]
        let text = try TemplateRenderer.render("{{#servers}}{{address}}:{{port}};{{/servers}}", with: model)
        #expect(text == "127.0.0.1:1;127.0.0.1:2;")
    }

    @Test func `a dot stands for the item itself`() throws {
        #expect(try TemplateRenderer.render("{{#ports}}{{.}} {{/ports}}", with: ["ports": [1, 2]]) == "1 2 ")
    }

    @Test func `every missing key is named`() {
        #expect {
            try TemplateRenderer.render("{{a}} {{b.c}} {{d}}", with: ["a": 1, "b": ["x": 2]])
        } throws: { error in
            (error as? Problem)?.message == "a template uses ‘c’, ‘d’, which the model lacks"
        }
    }

    @Test func `a missing key within a section is named, one that is found around it is not`() {
        #expect {
            try TemplateRenderer.render("{{#list}}{{outer}}{{inner}}{{/list}}", with: ["outer": 1, "list": [["x": 1]]])
        } throws: { ($0 as? Problem)?.message == "a template uses ‘inner’, which the model lacks" }
    }

    @Test func `null is there and shows nothing`() throws {
        #expect(try TemplateRenderer.render("[{{a}}]", with: ["a": .null]) == "[]")
    }

    @Test(arguments: ["{{> other}}", "{{#open}}", "{{/close}}"])
    func `what cannot be rendered is a problem`(template: String) {
        #expect(throws: Problem.self) { try TemplateRenderer.render(template, with: [:]) }
    }
}
