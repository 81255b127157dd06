/// The rules of an `.artifactignore`, which are those of a `.gitignore` (gitignore(5)): the last that fits a path decides.
public struct IgnoreRules: Hashable, Sendable {
    private struct Rule: Hashable, Sendable {
        var pattern: PathPattern
        var isNegated: Bool
        var isForFolders: Bool
    }

    private let rules: [Rule]

    /// Nothing is ignored but the folder `.git`, which is what Azure Pipelines does without a file.
    public static let standard = IgnoreRules(".git/")
    /// Nothing is ignored.
    public static let none = IgnoreRules("")

    public init(_ text: String) {
        rules = text.split(whereSeparator: \.isNewline).compactMap { line in
            var rest = line
            while rest.last == " " || rest.last == "\t" { rest = rest.dropLast() }
            guard !rest.isEmpty, rest.first != "#" else { return nil }
            let isNegated = rest.first == "!"
            if isNegated { rest = rest.dropFirst() }
            let isForFolders = rest.last == "/"
            if isForFolders { rest = rest.dropLast() }
            // A slash at the beginning or in the middle ties a rule to the folder of the file.
            let text = rest.contains("/") ? String(rest.drop { $0 == "/" }) : "**/\(rest)"
            return Rule(pattern: PathPattern(text), isNegated: isNegated, isForFolders: isForFolders)
        }
    }

    /// Whether a path, relative to the folder of the rules, is left out; what is in a folder that is left out is not asked for.
    public func ignores(_ path: String, isFolder: Bool) -> Bool {
        rules.last { ($0.isForFolders ? isFolder : true) && $0.pattern.matches(path) }.map { !$0.isNegated } ?? false
    }
}
