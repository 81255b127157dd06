/// A line of `packer -machine-readable`: `TIME,TARGET,CATEGORY,DATA…`.
enum PackerLine: Hashable {
    case ui(Kind, String)
    case artifact(place: Int, part: String, values: [String])
    /// Why a build failed.
    case failed(String)
    /// A line of something else, such as a crash.
    case other(String)
    /// Known, and of no use here.
    case passedOver

    enum Kind: String {
        case say, message, error
    }

    init(_ line: String) {
        let fields = line.split(separator: ",", omittingEmptySubsequences: false).map { Self.plain($0) }
        guard fields.count >= 4, Int(fields[0]) != nil else {
            self = .other(line)
            return
        }
        let data = Array(fields[3...])
        switch fields[2] {
        case "ui":
            let text = data.dropFirst().joined(separator: ",")
            self = .ui(Kind(rawValue: data[0]) ?? .message, text)
        case "artifact" where data.count >= 2:
            self = Int(data[0]).map { .artifact(place: $0, part: data[1], values: Array(data[2...])) } ?? .passedOver
        case "error": self = .failed(data[0])
        default: self = .passedOver
        }
    }

    private static func plain(_ field: Substring) -> String {
        String(field).replacing("%!(PACKER_COMMA)", with: ",").replacing("\\r", with: "\r").replacing("\\n", with: "\n")
    }
}
