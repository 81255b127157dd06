import Foundation
import RoostModel
import RoostWire
import Testing

@Suite("The wire")
struct WireTests {
    @Test(
        "dates of every form the service sends are understood",
        arguments: [
            ("2026-11-24T10:11:12.1234567Z", 1_795_515_072.1234567), ("2026-11-24T10:11:12Z", 1_795_515_072),
            ("2026-11-24T12:11:12+02:00", 1_795_515_072), ("0001-01-01T00:00:00", -62_135_596_800),
        ]
    )
    func dates(text: String, seconds: Double) throws {
        let date = try #require(WireDate.date(text))
        #expect(abs(date.timeIntervalSince1970 - seconds) < 0.000_01)
    }

    @Test("a date written is the date read", arguments: [0, 1_795_515_072.5, 951_782_400, 4_102_444_799.25])
    func dateRoundTrip(seconds: Double) throws {
        let date = Date(timeIntervalSince1970: seconds)
        let text = WireDate.text(date)
        #expect(text.hasSuffix("Z") && text.utf8.count == 28)
        #expect(WireDate.date(text) == date)
    }

    @Test("a session key survives wrapping with either hash, and a message its encryption", arguments: [true, false])
    func encryption(isSHA256: Bool) throws {
        let agent = try AgentKey.generate()
        let key = Data((0..<32).map { UInt8($0) })
        let wrapped = try MessageCrypto.wrap(key: key, to: try agent.publicKey, hash: isSHA256 ? .sha256 : .sha1)
        let unwrapped = try MessageCrypto.unwrap(wrapped, with: agent)
        #expect(unwrapped == key)
        let text = Data("a job with secrets".utf8)
        let sealed = try MessageCrypto.encrypt(text, key: key)
        let opened = try MessageCrypto.decrypt(sealed.body, iv: sealed.iv, key: key)
        #expect(sealed.body != text && opened == text)
    }

    @Test("the key's file gives the same key again")
    func keyFile() throws {
        let key = try AgentKey.generate()
        let again = try AgentKey(fileContent: try key.fileContent)
        let (one, two) = (try key.publicKey, try again.publicKey)
        #expect(one == two)
    }

    @Test("an assertion is refused for another key, another audience and when it is over")
    func assertion() throws {
        let key = try AgentKey.generate()
        let publicKey = try key.publicKey
        let now = Date()
        let client = ClientID(UUID())
        let token = try ClientAssertion.make(client: client, audience: "https://here/", key: key, at: now).exposed
        let accepted = try ClientAssertion.verify(token, key: publicKey, audience: "https://here/", at: now)
        #expect(accepted.client == client)
        let other = try AgentKey.generate().publicKey
        #expect(throws: ClientAssertion.Refusal.wrongSignature) {
            try ClientAssertion.verify(token, key: other, audience: nil, at: now)
        }
        #expect(throws: ClientAssertion.Refusal.wrongAudience("https://here/")) {
            try ClientAssertion.verify(token, key: publicKey, audience: "https://there/", at: now)
        }
        #expect(throws: ClientAssertion.Refusal.self) {
            try ClientAssertion.verify(token, key: publicKey, audience: nil, at: now + 3600)
        }
    }

    @Test("members that are absent leave a record as it is")
    func merge() throws {
        var record = TimelineRecord(id: RecordID(UUID()), kind: .task, name: "build", state: .inProgress)
        let patch = try WireJSON.decode(
            TimelineRecordWire.self,
            from: Data(#"{"result":"Failed","percentComplete":50,"unknown":1}"#.utf8)
        )
        patch.merge(into: &record)
        #expect(record.name == "build" && record.state == .inProgress)
        #expect(record.result == .failed && record.percentComplete == 50)
    }

    @Test("every location id is lower case and listed once")
    func locations() {
        let ids = ResourceLocation.all.map { "\($0.id) \($0.routeTemplate)" }
        #expect(Set(ids).count == ids.count && ResourceLocation.all.allSatisfy { $0.id == $0.id.lowercased() })
    }
}
