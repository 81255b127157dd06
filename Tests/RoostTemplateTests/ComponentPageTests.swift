import Foundation
import Testing

@testable import RoostTemplate

@Suite("The page about components")
struct ComponentPageTests {
    private static let file = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs/image-components.md")

    @Test("it says what the checks use")
    func page() throws {
        let text = ComponentPage(catalog: .standard).text
        if ProcessInfo.processInfo.environment["ROOST_UPDATE_SNAPSHOTS"] == "1" {
            try text.write(to: Self.file, atomically: true, encoding: .utf8)
        }
        let written = try String(contentsOf: Self.file, encoding: .utf8).split(separator: "\n")
        let expected = text.split(separator: "\n")
        let differences = expected.difference(from: written)
        #expect(differences.isEmpty, "review the difference, then run with ROOST_UPDATE_SNAPSHOTS=1")
    }
}
