import Foundation

/// The texts in which a secret can lie somewhere.
enum SecretForms {
    /// As it is, and inside of base64 wherever it begins.
    static func all(_ secret: String) -> [String] {
        let shifted = (0..<3).map { shift in
            let text = Data((String(repeating: "x", count: shift) + secret).utf8).base64EncodedString()
            // The characters that depend on nothing but the secret.
            return String(text.dropFirst(shift == 0 ? 0 : shift + 1).dropLast(4))
        }
        return [secret] + shifted
    }
}
