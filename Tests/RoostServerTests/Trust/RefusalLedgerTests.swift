import Foundation
import RoostModel
import RoostWire
import Testing

@testable import RoostServer

@Suite("Refused exchanges in the audit")
struct RefusalLedgerTests {
    @Test("the first of an address and a reason is written, the others are one record with their number")
    func counted() async throws {
        try await LiveServer.with { server in
            for number in 1...6 {
                let token = number == 6 ? "" : "x.y\(number)"
                let body = try WireJSON.encode(TokenExchangeWire(subject_token: token))
                let answer = try await server.send(
                    .POST,
                    "/_apis/roost/enrollment/exchange",
                    as: .nobody,
                    body: String(decoding: body, as: UTF8.self)
                )
                #expect(answer.status == 400)
            }
            func records() async throws -> [String] {
                try await server.app.plane.auditEvents(limit: 100, before: nil)
                    .filter { $0.action == "enrollment.exchange-refused" }.map { "\($0.subject) \($0.detail)" }
            }
            #expect(try await records().count == 2)
            await server.app.plane.auditCountedRefusals(at: .distantFuture)
            let all = try await records()
            #expect(all.count == 3)
            #expect(all.contains { $0.hasPrefix("trust.malformed-token 4 more from 127.0.0.1 since 20") }, "\(all)")
            await server.app.plane.auditCountedRefusals(at: .distantFuture)
            #expect(try await records().count == 3)
        }
    }

    @Test("a minute later it begins anew, and addresses beyond a bound are counted together")
    func bounds() {
        let (ledger, now) = (RefusalLedger(), Date())
        let key = RefusalLedger.Key(address: "10.0.0.1", code: "c")
        #expect(ledger.isFirst(key, at: now) && !ledger.isFirst(key, at: now))
        #expect(ledger.take(at: now + 59) == [])
        #expect(ledger.take(at: now + 60).map(\.count) == [1])
        #expect(ledger.isFirst(key, at: now + 61))
        let first = (0..<(RefusalLedger.capacity + 500)).filter { number in
            ledger.isFirst(.init(address: "a\(number)", code: "c"), at: now)
        }
        #expect(first.count == RefusalLedger.capacity)
        #expect(ledger.take(at: now + 3600).map(\.count) == [500])
    }
}
