import Foundation
import RoostClient
import RoostModel

extension SavedConnection {
    /// A token that is good for less than this is renewed.
    private static let margin: TimeInterval = 300

    /// Renews a token that ends soon, when the sign-in allows it.
    ///
    /// Two commands at once renew it one after the other: the second finds what the first has saved.
    static func renew(_ path: String) async throws {
        guard let saved = try load(path), saved.isStale else { return }
        let lock = Glibc.open("\(path).lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(lock) }
        guard lock >= 0, flock(lock, LOCK_EX) == 0, var current = try load(path), current.isStale,
            let refresh = current.refreshToken, let url = current.tokenURL
        else { return }
        let authority = SignInAuthority(tokenURL: url, authorityFile: current.cacert)
        current.take(try await authority.refresh(Secret(refresh)))
        try current.save(path)
    }

    private var isStale: Bool {
        refreshToken != nil && (expiresAt.map { $0 < Date() + Self.margin } ?? true)
    }

    /// Keeps what a sign-in gave.
    mutating func take(_ tokens: SignInAuthority.Tokens) {
        token = tokens.access.exposed
        refreshToken = tokens.refresh?.exposed ?? refreshToken
        expiresAt = tokens.expiresAt
    }
}
