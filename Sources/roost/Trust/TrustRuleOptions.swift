import ArgumentParser
import Foundation
import RoostModel
import RoostWire

/// What a rule says, when it is made and when it is changed.
struct TrustRuleOptions: ParsableArguments {
    @Option(help: ArgumentHelp("What the tokens' 'iss' must be, letter by letter.", valueName: "url"))
    var issuer: String?

    @Option(help: "What one of the tokens' 'aud' must be.")
    var audience: String?

    @Option(help: "What the tokens' 'sub' must look like; '*' stands for any characters.")
    var subject: String?

    @Option(
        help: ArgumentHelp(
            "What another claim must look like; may be repeated. Members of objects are named OBJECT/MEMBER.",
            valueName: "name=pattern"
        )
    )
    var claim: [Assignment] = []

    @Option(help: "Pool in which agents may be registered; may be repeated.")
    var pool: [String] = []

    @Flag(help: "Agents may be registered in every pool.")
    var allPools = false

    @Option(help: ArgumentHelp("Life of the token that is given, 1 to 10; 10 by default.", valueName: "minutes"))
    var minutes: Double?

    @Option(help: ArgumentHelp("The issuer's keys (JWKS), so that it is never asked.", valueName: "path"))
    var keysFile: String?

    @Option(help: ArgumentHelp("The day from which these keys are refused.", valueName: "yyyy-mm-dd"))
    var keysUntil: String?

    @Flag(help: "Forget the keys of --keys-file and ask the issuer.")
    var fetchKeys = false

    @Option(help: ArgumentHelp("Authorities (PEM) to trust when the issuer is asked.", valueName: "path"))
    var authorityFile: String?

    func validate() throws {
        if allPools, !pool.isEmpty { throw ValidationError("--pool and --all-pools exclude each other.") }
        if fetchKeys, keysFile != nil || keysUntil != nil {
            throw ValidationError("--fetch-keys excludes --keys-file and --keys-until.")
        }
        if let keysUntil, WireDate.date(keysUntil) == nil {
            throw ValidationError("'\(keysUntil)' is no day. Write it as 2027-01-31.")
        }
        if let minutes, !(1...10).contains(minutes) { throw ValidationError("--minutes takes 1 to 10.") }
    }

    /// Whether nothing is given.
    var isEmpty: Bool {
        issuer == nil && audience == nil && subject == nil && claim.isEmpty && pool.isEmpty && !allPools
            && minutes == nil && keysFile == nil && keysUntil == nil && !fetchKeys && authorityFile == nil
    }

    /// What the server is asked for.
    func draft(on server: Connection) async throws -> TrustRuleWire {
        var draft = TrustRuleWire(
            issuer: issuer,
            audience: audience,
            subject: subject,
            claims: claim.isEmpty ? nil : Assignment.dictionary(claim),
            allPools: allPools ? true : nil,
            tokenLifetime: minutes.map { Int(($0 * 60).rounded()) },
            pinnedUntil: keysUntil.flatMap { WireDate.date($0) }
        )
        if !pool.isEmpty {
            var pools: [Int] = []
            for name in pool { pools.append(try await server.pool(name).id) }
            draft.pools = pools
        }
        if fetchKeys { draft.pinnedKeys = "" }
        if let keysFile { draft.pinnedKeys = try SecretFile.read(keysFile) }
        if let authorityFile { draft.authority = try SecretFile.read(authorityFile) }
        return draft
    }
}
