public import RoostModel

/// Why a value is not masked.
///
/// Masking a very short or very common text would tear holes into every line and tell the reader what the secret is.
public enum SecretRefusal: UserFacingError, Hashable {
    /// It holds nothing but white space.
    case blank(name: String)
    /// It has fewer characters than ``SecretEncodings/minimumLength``.
    case tooShort(name: String, length: Int)
    /// It is a word such as `true`.
    case commonWord(name: String)

    public var code: String {
        switch self {
        case .blank: "secret.blank"
        case .tooShort: "secret.too-short"
        case .commonWord: "secret.common-word"
        }
    }

    public var summary: String {
        switch self {
        case .blank(let name): "The secret '\(name)' holds only white space and is not masked in logs."
        case .tooShort(let name, let length):
            "The secret '\(name)' has \(length) character\(length == 1 ? "" : "s") and is not masked in logs."
        case .commonWord(let name): "The secret '\(name)' is a common word and is not masked in logs."
        }
    }

    public var advice: String? {
        switch self {
        case .blank: "Give it a value, or do not declare it as secret."
        case .tooShort:
            "Use a value of at least \(SecretEncodings.minimumLength) characters; masking a shorter one would make the log unreadable and give it away."
        case .commonWord: "Declare it as a plain variable; masking it would make the log unreadable."
        }
    }
}
