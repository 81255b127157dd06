import Foundation
import Hummingbird
import NIOCore
import RoostModel
import RoostWire
import Synchronization
import Testing

@testable import RoostServer

@Suite("Keys of issuers")
struct IssuerKeyTests {
    private static let now = Date()

    private static func claims() -> IssuedClaims {
        let seconds = Int(now.timeIntervalSince1970)
        return IssuedClaims(
            iss: "https://issuer.example",
            aud: ["roost"],
            sub: "s",
            exp: seconds + 600,
            nbf: seconds,
            iat: seconds
        )
    }

    @Test(
        "a token signed by each accepted algorithm is verified by its own key only",
        arguments: IssuerKeyPair.Kind.allCases
    )
    func algorithms(_ kind: IssuerKeyPair.Kind) async throws {
        let key = try IssuerKeyPair(kind, id: "a")
        let other = try IssuerKeyPair(kind, id: "a", generation: 1)
        let token = try ForeignToken(await key.sign(Self.claims()))
        try await IssuerKeySet(json: try IssuerKeyPair.set([key])).verify(token)
        await #expect(throws: IssuerKeySet.Refusal.wrongSignature) {
            try await IssuerKeySet(json: try IssuerKeyPair.set([other])).verify(token)
        }
        let renamed = try IssuerKeyPair(kind, id: "b")
        await #expect(throws: IssuerKeySet.Refusal.unknownKey("a")) {
            try await IssuerKeySet(json: try IssuerKeyPair.set([renamed])).verify(token)
        }
    }

    @Test("a token whose claims were changed after signing is refused")
    func changed() async throws {
        let key = try IssuerKeyPair(.ES256, id: "a")
        var parts = try await key.sign(Self.claims()).split(separator: ".").map(String.init)
        var claims = Self.claims()
        claims.sub = "another"
        parts[1] = Base64URL.encode(try JSONEncoder().encode(claims))
        let token = try ForeignToken(parts.joined(separator: "."))
        await #expect(throws: IssuerKeySet.Refusal.wrongSignature) {
            try await IssuerKeySet(json: try IssuerKeyPair.set([key])).verify(token)
        }
    }

    @Test(
        "no token without a signature, none by a shared secret, and none with unknown extensions is looked at",
        arguments: [
            (#"{"alg":"none"}"#, "trust.wrong-algorithm"), (#"{"alg":"HS256"}"#, "trust.wrong-algorithm"),
            (#"{"alg":"RS384"}"#, "trust.wrong-algorithm"), (#"{"alg":"rs256"}"#, "trust.wrong-algorithm"),
            (#"{"alg":"RS256","crit":["b64"]}"#, "trust.malformed-token"), (#"{}"#, "trust.malformed-token"),
            ("[", "trust.malformed-token"),
        ]
    )
    func headers(_ header: String, _ code: String) throws {
        let text = "\(Base64URL.encode(Data(header.utf8))).\(Base64URL.encode(Data("{}".utf8))).AAAA"
        let flaw = #expect(throws: ForeignToken.Flaw.self) { try ForeignToken(text) }
        #expect(flaw?.code == code)
    }

    @Test("keys for encryption, of other kinds, or broken are passed over")
    func lenientSet() async throws {
        let key = try IssuerKeyPair(.RS256, id: "a")
        var encryption = key.publicKey
        encryption["use"] = "enc"
        let others: [[String: String]] = [
            ["kty": "oct", "k": "AAAA"], ["kty": "OKP", "crv": "Ed25519", "x": "AAAA"], ["kty": "RSA"], [:], encryption,
        ]
        let usable = try JSONSerialization.data(withJSONObject: ["keys": others + [key.publicKey]])
        try await IssuerKeySet(json: usable).verify(try ForeignToken(await key.sign(Self.claims())))
        for text in [#"{"keys":[]}"#, #"{"keys":[{"kty":"oct","k":"AAAA"}]}"#, "{}", "[]", ""] {
            #expect(throws: IssuerKeySet.Flaw.self) { try IssuerKeySet(json: Data(text.utf8)) }
        }
    }

    @Test("keys are asked for anew by age, and for an unknown key or after a failure once in an interval")
    func plan() throws {
        let keys = try IssuerKeySet(json: try IssuerKeyPair.set([try IssuerKeyPair(.ES256, id: "a")]))
        func decision(_ memory: IssuerKeyMemory, _ id: String?, after seconds: TimeInterval) -> String {
            switch planKeyUse(memory, keyID: id, at: Self.now + seconds) {
            case .use: "use"
            case .fetch: "fetch"
            case .refuse: "refuse"
            }
        }
        #expect(decision(IssuerKeyMemory(), "a", after: 0) == "fetch")
        let known = IssuerKeyMemory(keys: keys, fetchedAt: Self.now, askedAt: Self.now)
        #expect(decision(known, "a", after: 3599) == "use")
        #expect(decision(known, nil, after: 3599) == "use")
        #expect(decision(known, "a", after: 3600) == "fetch")
        #expect(decision(known, "b", after: 0) == "fetch")
        let rolled = known.applying(.success(keys), at: Self.now + 10)
        #expect(decision(rolled, "b", after: 39) == "use")
        #expect(decision(rolled, "b", after: 40) == "fetch")
        var failed = known
        failed.askedAt = Self.now + 3600
        failed.failure = .insecure(url: "x")
        #expect(decision(failed, "a", after: 3610) == "refuse")
        #expect(decision(failed, "a", after: 3630) == "fetch")
    }

    /// Answers by a script, and counts.
    private final class Scripted: IssuerKeyFetching {
        let calls = Mutex(0)
        let keys: [IssuerKeySet]
        init(_ keys: [IssuerKeySet]) { self.keys = keys }

        func keys(of source: IssuerSource) async throws(IssuerKeyFailure) -> IssuerKeySet {
            let call = calls.withLock { calls in
                calls += 1
                return calls
            }
            await Task.yield()
            guard call <= keys.count else { throw .unreadable(url: source.discovery, cause: "it is gone") }
            return keys[call - 1]
        }
    }

    @Test("many requests at once make one fetch, and a roll-over one more")
    func cache() async throws {
        let old = try IssuerKeySet(json: try IssuerKeyPair.set([try IssuerKeyPair(.ES256, id: "a")]))
        let new = try IssuerKeySet(json: try IssuerKeyPair.set([try IssuerKeyPair(.ES256, id: "b")]))
        let fetcher = Scripted([old, new])
        let cache = IssuerKeyCache(fetcher)
        let source = IssuerSource(issuer: "https://issuer.example")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try await cache.keys(of: source, keyID: "a", at: Self.now) } }
            try await group.waitForAll()
        }
        #expect(fetcher.calls.withLock { $0 } == 1)
        let rolled = try await cache.keys(of: source, keyID: "b", at: Self.now + 60)
        #expect(rolled.has("b") && fetcher.calls.withLock { $0 } == 2)
        _ = try await cache.keys(of: source, keyID: "c", at: Self.now + 61)
        #expect(fetcher.calls.withLock { $0 } == 2)
        let failure = await #expect(throws: IssuerKeyFailure.self) {
            try await cache.keys(of: source, keyID: "b", at: Self.now + 4000)
        }
        #expect(failure?.location == "https://issuer.example/.well-known/openid-configuration")
    }

    @Test("keys are read from where the issuer says, and each way it fails names address and cause")
    func fetch() async throws {
        try await TestIssuer.with { issuer in
            let source = IssuerSource(issuer: issuer.address)
            let token = try ForeignToken(await issuer.token())
            try await IssuerKeyFetch(patience: .seconds(120)).keys(of: source).verify(token)
            func failure(_ fetch: IssuerKeyFetch = IssuerKeyFetch(patience: .seconds(120))) async -> IssuerKeyFailure? {
                do throws(IssuerKeyFailure) {
                    _ = try await fetch.keys(of: source)
                    return nil
                } catch { return error }
            }
            issuer.answer(discovery: { TestIssuer.json(#"{"issuer":"https://other","jwks_uri":"\#($0)/keys"}"#) })
            #expect(
                await failure()
                    == .otherIssuer(url: source.discovery, claimed: "https://other", expected: issuer.address)
            )
            issuer.answer(discovery: { TestIssuer.json(#"{"issuer":"\#($0)","jwks_uri":"http://keys.example/k"}"#) })
            #expect(await failure() == .insecure(url: "http://keys.example/k"))
            issuer.answer(discovery: { Response(status: .found, headers: [.location: "\($0)/keys"]) })
            #expect(await failure() == .unreadable(url: source.discovery, cause: "the answer is 302 Found"))
            issuer.answer(discovery: { _ in TestIssuer.json("<html>") })
            #expect(await failure()?.summary.contains("is no discovery document") == true)
            issuer.answer(keys: { TestIssuer.json(#"{"keys":[]}"#) })
            #expect(
                await failure()
                    == .unreadable(
                        url: "\(issuer.address)/keys",
                        cause: "it has no public RSA or EC key for signatures"
                    )
            )
            issuer.answer(keys: { TestIssuer.json(String(repeating: " ", count: 70_000)) })
            #expect(
                await failure(IssuerKeyFetch(patience: .seconds(120), limit: 65_536))?.summary.contains(
                    "larger than 64 KiB"
                ) == true
            )
        }
        let gone = IssuerSource(issuer: "http://127.0.0.1:9")
        let failure = await #expect(throws: IssuerKeyFailure.self) {
            try await IssuerKeyFetch(patience: .seconds(120)).keys(of: gone)
        }
        #expect(failure?.location == "http://127.0.0.1:9/.well-known/openid-configuration")
        await #expect(throws: IssuerKeyFailure.self) {
            try await IssuerKeyFetch(patience: .seconds(120)).keys(of: IssuerSource(issuer: "http://issuer.example"))
        }
    }

    @Test("an issuer with a private authority is asked when its rule or the configuration trusts that authority")
    func privateAuthority() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "roost-issuer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (certificate, key) = (folder.appending(path: "cert.pem").path, folder.appending(path: "key.pem").path)
        try AddressCertificate.make(certificate, key)
        let tls = try TLSFiles.configuration(certificate: certificate, key: key)
        let pem = try String(contentsOfFile: certificate, encoding: .utf8)
        try await TestIssuer.with(tls: tls) { issuer in
            let token = try ForeignToken(await issuer.token())
            let own = IssuerSource(issuer: issuer.address, authority: pem)
            try await IssuerKeyFetch(patience: .seconds(120)).keys(of: own).verify(token)
            let plain = IssuerSource(issuer: issuer.address)
            try await IssuerKeyFetch(authorityFile: certificate, patience: .seconds(120)).keys(of: plain).verify(token)
            let failure = await #expect(throws: IssuerKeyFailure.self) {
                try await IssuerKeyFetch(patience: .seconds(120)).keys(of: plain)
            }
            #expect(failure?.location == plain.discovery && failure?.summary.contains("not trusted") == true)
            issuer.answer(discovery: { address in
                let plain = address.replacing("https:", with: "http:")
                return TestIssuer.json(#"{"issuer":"\#(address)","jwks_uri":"\#(plain)/keys"}"#)
            })
            await #expect(throws: IssuerKeyFailure.self) {
                try await IssuerKeyFetch(patience: .seconds(120)).keys(of: own)
            }
        }
        let warning = try #require(ServerCertificate.expiring(certificate))
        #expect(planCredentialWarnings([warning], at: Date()).isEmpty)
        #expect(planCredentialWarnings([warning], at: Date() + 1.6 * 86_400).first?.isExpired == false)
    }
}
