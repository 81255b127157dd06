/// How files are packed, as the name of the result says.
struct CompressionForm: Hashable {
    enum Archive { case tar, zip, none }

    var archive: Archive
    /// The program that compresses; nil when nothing does.
    var program: String?
    /// What the name of the result ends with.
    var ending: String

    private static let programs = [
        "gz": "gzip", "bgzf": "bgzip", "bz2": "bzip2", "xz": "xz", "lz4": "lz4", "zst": "zstd",
    ]

    /// - Parameters:
    ///   - output: the name of the result.
    ///   - format: what the template says besides, such as `tar.gz`.
    init?(output: String, format: String?) {
        let name = format.map { ".\($0)" } ?? output
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let (last, before) = (parts.last ?? "", parts.count > 2 || format != nil ? parts.dropLast().last : nil)
        switch last {
        case "zip": self.init(archive: .zip, program: "zip", ending: ".zip")
        case "tar": self.init(archive: .tar, program: nil, ending: ".tar")
        case "tgz": self.init(archive: .tar, program: "gzip", ending: ".tgz")
        default:
            guard let program = Self.programs[last] else { return nil }
            let isTar = before == "tar"
            self.init(archive: isTar ? .tar : .none, program: program, ending: "\(isTar ? ".tar" : "").\(last)")
        }
    }

    init(archive: Archive, program: String?, ending: String) {
        (self.archive, self.program, self.ending) = (archive, program, ending)
    }

    static let standard = CompressionForm(archive: .tar, program: "gzip", ending: ".tar.gz")
}
