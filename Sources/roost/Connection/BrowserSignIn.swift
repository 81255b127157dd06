import Foundation
import RoostClient
import RoostModel
import RoostWire

/// Signs a person in with the browser of this machine.
enum BrowserSignIn {
    static func run(_ authority: SignInAuthority) async throws -> SignInAuthority.Tokens {
        let page = try LoopbackPage()
        let (verifier, state) = (randomText(), randomText())
        let challenge = SignInAuthority.challenge(of: verifier)
        let address = authority.authorizeAddress(redirect: page.address, challenge: challenge, state: state)
        Terminal.printError("To sign in, open this page in a browser of this machine:\n\(address)")
        open(address)
        guard let visit = await page.visit() else { throw SignInFailure.nobodyCame }
        guard visit.state == state else { throw SignInFailure.otherState }
        guard let code = visit.code else { throw SignInFailure.declined(visit.error ?? "no reason was given") }
        return try await authority.redeem(code: code, verifier: Secret(verifier), redirect: page.address)
    }

    private static func randomText() -> String {
        var generator = SystemRandomNumberGenerator()
        return Base64URL.encode(Data((0..<48).map { _ in UInt8.random(in: .min ... .max, using: &generator) }))
    }

    /// Opens the person's browser, when there is one; the address is on the terminal in any case.
    private static func open(_ address: String) {
        let browser = ProcessInfo.processInfo.environment["BROWSER"].flatMap { $0.isEmpty ? nil : $0 } ?? "xdg-open"
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [browser, address]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try? process.run()
    }
}
