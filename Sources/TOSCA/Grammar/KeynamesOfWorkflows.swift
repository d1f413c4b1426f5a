// SPDX-License-Identifier: Apache-2.0 OR MIT

extension Keynames {
    static let workflowTables: [Record: [Keyname]] = [
        .trigger: common + [
            .mandatory("event", .name), .unsupported("condition", .condition),
            .mandatory("action", .list(.record(.activity))),
        ],
        .activity: common + [
            Keyname("call_operation", .short(.name, .operationCall)), Keyname("delegate", .short(.name, .workflowCall)),
            Keyname("set_state", .name), Keyname("inline", .short(.name, .workflowCall)),
        ],
        .operationCall: common + [.mandatory("operation", .name), Keyname("inputs", .map(.value))],
        .workflowCall: common + [.mandatory("workflow", .name), Keyname("inputs", .map(.value))],
        .workflow: common + [
            Keyname("inputs", .map(.record(.parameterDefinition))), Keyname("precondition", .condition),
            Keyname("steps", .map(.record(.workflowStep))), Keyname("implementation", .short(.name, .implementation)),
            Keyname("outputs", .map(.value)),
        ],
        .workflowStep: common + [
            .mandatory("target", .name), Keyname("target_relationship", .name), Keyname("filter", .list(.condition)),
            .mandatory("activities", .list(.record(.activity))), Keyname("on_success", .oneOrMore(.name)),
            Keyname("on_failure", .oneOrMore(.name)),
        ],
        .substitutionMapping: common + [
            .mandatory("node_type", .name), Keyname("substitution_filter", .condition),
            Keyname("properties", .pathMap(.name)), Keyname("attributes", .pathMap(.name)),
            Keyname("capabilities", .map(.list(.name))), Keyname("requirements", .pathSequence(.anything)),
            Keyname("interfaces", .map(.map(.name))),
        ],
    ]
}
