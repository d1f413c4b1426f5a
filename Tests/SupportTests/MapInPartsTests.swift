// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support
import Testing

struct MapInPartsTests {
    @Test(arguments: [0, 1, 511, 512, 10_001])
    func `results are in the order of the elements, however many parts they were made in`(count: Int) {
        let results = Array(0..<count).mapInParts { part in part.map { $0 * 2 } }
        #expect(results == (0..<count).map { $0 * 2 })
    }
}
