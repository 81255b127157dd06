import Glibc

/// What follows the fixed part of a request: numbers of groups, then texts, each with its zero.
struct SandboxTexts {
    private(set) var bytes: [UInt8] = []

    init(_ texts: [String], groups: [UInt32] = []) {
        for group in groups { withUnsafeBytes(of: group) { bytes += $0 } }
        for text in texts {
            // A zero would end the text, and what comes after it would be another.
            bytes += text.utf8.prefix { $0 != 0 }
            bytes.append(0)
        }
    }
}

/// Texts of C that live as long as this object.
final class CTexts {
    private var texts: [UnsafeMutablePointer<CChar>] = []

    func add(_ text: String?) -> UnsafePointer<CChar>? {
        guard let text, let copy = strdup(text) else { return nil }
        texts.append(copy)
        return UnsafePointer(copy)
    }

    deinit { for text in texts { free(text) } }
}
