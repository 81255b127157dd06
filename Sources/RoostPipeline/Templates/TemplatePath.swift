/// The name of a template as a pipeline writes it: `path`, `/path` or `path@alias`.
///
/// A path without a leading slash is relative to the folder of the file it stands in; a backslash is as good as a slash.
struct TemplatePath: Hashable {
    /// A file of a repository.
    struct File: Hashable {
        /// `self`, or the name of a repository resource as the pipeline declares it.
        let alias: String
        /// From the root of the repository, without a leading slash.
        let path: String

        /// As diagnostics print it.
        var name: String { alias == "self" ? path : "\(path)@\(alias)" }
        /// As messages about missing files print it.
        var absolutePath: String { "/\(path)" }

        fileprivate var folder: [Substring] { path.split(separator: "/").dropLast() }
    }

    enum Fault: Error, Hashable {
        case empty
        /// `..` leads out of the repository.
        case outside
    }

    let path: String
    /// Nil when the reference names none: then it is the repository of the file it stands in.
    let alias: String?

    init(_ text: String) {
        if let at = text.lastIndex(of: "@") {
            path = String(text[..<at])
            alias = String(text[text.index(after: at)...])
        } else {
            path = text
            alias = nil
        }
    }

    /// The file it means in a file.
    ///
    /// - Throws: ``Fault`` when it is no path of a file in a repository.
    func resolved(in file: File) throws(Fault) -> File {
        let isSameRepository = alias == nil || alias?.lowercased() == file.alias.lowercased()
        let isAbsolute = path.hasPrefix("/") || path.hasPrefix("\\")
        var parts = isSameRepository && !isAbsolute ? file.folder : []
        for part in path.split(whereSeparator: { $0 == "/" || $0 == "\\" }) where part != "." {
            if part == ".." {
                guard parts.popLast() != nil else { throw .outside }
            } else {
                parts.append(part)
            }
        }
        guard !parts.isEmpty, !path.isEmpty else { throw .empty }
        return File(alias: alias ?? file.alias, path: parts.joined(separator: "/"))
    }
}
