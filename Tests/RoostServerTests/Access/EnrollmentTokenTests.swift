import Foundation
import RoostModel
import Testing

@testable import RoostServer

@Suite("Enrollment tokens")
struct EnrollmentTokenTests {
    private func token(
        used: Int = 0,
        expires: Date = .distantFuture,
        revoked: Date? = nil,
        from: [String] = []
    )
        -> EnrollmentToken
    {
        EnrollmentToken(
            id: UUID(),
            pool: 3,
            hash: "",
            uses: 2,
            used: used,
            createdAt: .distantPast,
            createdBy: "user:ada",
            expiresAt: expires,
            revokedAt: revoked,
            from: from
        )
    }

    @Test("each reason to refuse one has its own code")
    func refusals() {
        let now = Date()
        #expect(token(used: 1).refusal(at: now) == nil)
        #expect(token(used: 2).refusal(at: now)?.code == "enrollment.used-up")
        #expect(token(expires: now).refusal(at: now)?.code == "enrollment.expired")
        #expect(token(revoked: now).refusal(at: now)?.code == "enrollment.revoked")
    }

    @Test("one bound to addresses is for these only")
    func addresses() {
        #expect(token().admits(address: ""))
        let bound = token(from: ["10.0.0.0/8", "2001:db8::/32"])
        #expect(bound.admits(address: "10.1.2.3") && bound.admits(address: "2001:db8::1"))
        #expect(!bound.admits(address: "11.1.2.3") && !bound.admits(address: ""))
    }

    @Test("an enrolment reaches its own pools and no route of people")
    func routes() {
        let enroller = Principal.enroller(token().enroller)
        func refusal(_ access: RouteAccess, _ pool: String) -> AccessRefusal? {
            access.refusal(of: enroller, parameter: { $0 == "poolId" ? pool[...] : nil })
        }
        let own = RouteAccess.scope(.agentPoolsManage).or(.enroller(.ownPools))
        #expect(refusal(own, "3") == nil)
        #expect(refusal(own, "4")?.code == "enrollment.other-pool")
        #expect(refusal(.scope(.agentPoolsManage), "3")?.code == "access.forbidden")
    }
}

@Suite("Ranges of addresses")
struct AddressRangeTests {
    @Test(
        "a range holds what its leading bits say",
        arguments: [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.0.0.7", "10.0.0.7", true),
            ("10.0.0.7", "10.0.0.8", false), ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "::1", false),
            ("192.0.2.128/25", "192.0.2.129", true), ("192.0.2.128/25", "192.0.2.127", false),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("::ffff:10.0.0.0/104", "10.9.9.9", true),
            ("2001:db8::/32", "2001:db8:1::5", true), ("2001:db8::/32", "2001:db9::5", false),
            ("::/0", "fe80::1%eth0", true), ("::1", "::1", true), ("10.0.0.0/8", "", false),
        ]
    )
    func contains(_ range: String, _ address: String, _ expected: Bool) throws {
        #expect(try #require(AddressRange(range)).contains(address) == expected)
    }

    @Test(
        "what is no range is refused",
        arguments: [
            "", "/", "10.0.0/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.256", "10.0.0.0/-1", "::/129", "1::2::3", ":::",
            "12345::", "::ffff:10.0.0.0/90", "fe80::1%eth0", "1:2:3:4:5:6:7", "10.0.0.0/8/8",
        ]
    )
    func malformed(_ text: String) { #expect(AddressRange(text) == nil) }
}
