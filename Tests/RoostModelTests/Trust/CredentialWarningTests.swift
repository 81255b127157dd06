import Foundation
import RoostModel
import Testing

@Suite("Warnings before credentials die")
struct CredentialWarningTests {
    private static let day: TimeInterval = 86_400
    private static let start = Date(timeIntervalSince1970: 1_800_000_000)

    private static func credential(_ days: Double, _ name: String = "a", begins: Bool = true) -> ExpiringCredential {
        ExpiringCredential(
            kind: .personalToken,
            name: name,
            owner: "ada",
            begins: begins ? start : nil,
            ends: start + days * day
        )
    }

    @Test(
        "a warning begins in the last quarter of a life, two weeks before its end at most, and stays two weeks",
        arguments: [
            (365.0, 350.0, nil), (365, 351.5, false), (365, 364.9, false), (365, 365, true), (365, 378.9, true),
            (365, 379, nil), (30, 22, nil), (30, 23, false), (1, 0.7, nil), (1, 0.76, false),
        ] as [(Double, Double, Bool?)]
    )
    func begins(_ life: Double, _ at: Double, _ expired: Bool?) {
        let warnings = planCredentialWarnings([Self.credential(life)], at: Self.start + at * Self.day)
        #expect(warnings.map(\.isExpired) == (expired.map { [$0] } ?? []))
    }

    @Test("one whose beginning is unknown is named two weeks before its end")
    func unknownBeginning() {
        let credential = Self.credential(100, begins: false)
        #expect(planCredentialWarnings([credential], at: Self.start + 85.9 * Self.day).isEmpty)
        #expect(planCredentialWarnings([credential], at: Self.start + 86 * Self.day).count == 1)
    }

    @Test("the one that ends first comes first")
    func order() {
        let all = [Self.credential(30, "late"), Self.credential(28, "early"), Self.credential(400, "far")]
        let warnings = planCredentialWarnings(all, at: Self.start + 27 * Self.day)
        #expect(warnings.map(\.credential.name) == ["early", "late"])
    }
}
