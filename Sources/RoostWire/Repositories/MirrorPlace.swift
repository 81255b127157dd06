import FoundationEssentials

/// How a part of a path names something of any text: unpadded base64url of UTF-8 (RFC 4648 §5), texts apart by line feeds.
///
/// ```
/// roost/runs/7/repositories/c2VsZg/Lg/info/refs           the repository `self`
/// roost/runs/7/repositories/c2VsZg/bGliL2lubmVy/info/refs  its submodule at `lib/inner`
/// ```
public enum MirrorPlace {
    /// Stands for the repository itself where submodules could stand.
    public static let itself = ["."]

    /// The part of a path for texts without line feeds.
    public static func encode(_ texts: [String]) -> String {
        Data(texts.joined(separator: "\n").utf8).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// The texts of a part of a path; nil when it is none.
    public static func decode(_ text: some StringProtocol) -> [String]? {
        let standard = String(text).replacing("-", with: "+").replacing("_", with: "/")
        let padded = standard + String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: padded), let joined = String(validating: data, as: UTF8.self) else {
            return nil
        }
        return joined.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
