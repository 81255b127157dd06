import Crypto
import Foundation
import RoostModel

/// The text of personal access tokens: made once, shown once, kept as a hash.
enum PersonalToken {
    /// 52 lower-case letters and digits: 256 random bits in base 32, the shape that scripts expect of such tokens.
    static func make() -> Secret {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567")
        var generator = SystemRandomNumberGenerator()
        let characters = (0..<52).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
        return Secret(String(characters))
    }

    /// SHA-256 in lower-case hexadecimal.
    ///
    /// The token is random, so that a slow password hash would add nothing.
    static func hash(_ text: String) -> String {
        let digits = Array("0123456789abcdef")
        return String(
            SHA256.hash(data: Data(text.utf8)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        )
    }
}
