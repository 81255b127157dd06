import Foundation

extension HCLFunctions {
    /// Those that look at the names of files, and at the working directory.
    public static let paths: [String: HCLFunction] = [
        "abspath": path { clean($0.hasPrefix("/") ? $0 : FileManager.default.currentDirectoryPath + "/" + $0) },
        "basename": path { text in
            let parts = text.split(separator: "/")
            return parts.last.map(String.init) ?? (text.isEmpty ? "." : "/")
        },
        "dirname": path { text in
            guard let slash = text.lastIndex(of: "/") else { return "." }
            return clean(String(text[...slash]))
        },
        "pathexpand": path { text in
            guard text == "~" || text.hasPrefix("~/") else { return text }
            return clean(NSHomeDirectory() + text.dropFirst())
        },
    ]

    private static func path(_ change: @escaping @Sendable (String) -> String) -> HCLFunction {
        HCLFunction(.init("path", .string), result: .string) { .string(change($0[0].textOrEmpty)) }
    }

    /// The shortest name of the same place: without `.`, without `..` after a name, without doubled slashes.
    static func clean(_ path: String) -> String {
        let isAbsolute = path.hasPrefix("/")
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part != ".." {
                parts.append(part)
            } else if let last = parts.last, last != ".." {
                parts.removeLast()
            } else if !isAbsolute {
                parts.append(part)
            }
        }
        let text = (isAbsolute ? "/" : "") + parts.joined(separator: "/")
        return text.isEmpty ? "." : text
    }
}
