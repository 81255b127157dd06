/// What a text of an Image Builder template has to be.
enum ImageBuilderText: Sendable, Hashable {
    case any
    /// Not empty.
    case some
    /// A name: letters, digits, `-`, `_` and `.`, at most 64.
    case name
    /// Where something is, such as `westeurope` or `West Europe`.
    case region
    /// An address of the web.
    case address
    /// The same, or nothing.
    case addressOrNothing
    /// 64 digits of base 16, or nothing.
    case checksum
    /// A number and a unit, such as `5m`.
    case duration
    /// A path in the machine that begins at its root.
    case absolutePath
    /// `include:CONDITION` or `exclude:CONDITION`.
    case updateFilter
    /// The identifier of a thing of one of these types.
    case resource([AzureResourceKind])

    /// What is wrong with a text, and what it should be; nil when nothing is.
    func fault(_ text: String) -> (detail: String, advice: String)? {
        switch self {
        case .any: nil
        case .some: text.isEmpty ? ("It is empty.", "Give it a text.") : nil
        case .name: Self.isName(text) ? nil : Self.nameFault
        case .region: Self.isRegion(text) ? nil : Self.regionFault
        case .address: Self.isAddress(text) ? nil : Self.addressFault
        case .addressOrNothing: text.isEmpty || Self.isAddress(text) ? nil : Self.addressFault
        case .checksum: text.isEmpty || Self.isChecksum(text) ? nil : Self.checksumFault(text)
        case .duration: Self.isDuration(text) ? nil : Self.durationFault
        case .absolutePath: Self.isAbsolute(text) ? nil : Self.pathFault
        case .updateFilter: Self.isFilter(text) ? nil : Self.filterFault
        case .resource(let kinds): AzureResourceKind.fault(text, among: kinds)
        }
    }

    private static let nameFault = (
        "A name has 1 to 64 of the letters A-Z and a-z, digits, \"-\", \"_\" and \".\".", "Choose a name of these."
    )
    private static let regionFault = (
        "A region is named by letters, digits and blanks, such as westeurope or West Europe.",
        "Take a name of `az account list-locations -o table`."
    )
    private static let addressFault = (
        "This is no address that begins with https:// or http://.",
        "Put the file where it can be fetched from, and give its address."
    )
    private static let durationFault = (
        "This is no time.", "Write a number and a unit, such as 5m (five minutes) or 2h (two hours)."
    )
    private static let pathFault = (
        "The path does not begin at the root of the machine.", "Write a whole path, such as /tmp/file or c:\\\\file."
    )
    private static let filterFault = (
        "A filter begins with include: or exclude:.", "Write for example \"exclude:$_.Title -like '*Preview*'\"."
    )

    private static func checksumFault(_ text: String) -> (String, String) {
        let digits = "A SHA-256 checksum has 64 digits of 0-9 and a-f; this has \(text.count) characters."
        return (digits, "Write what `sha256sum FILE` prints.")
    }

    private static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
    }

    private static func isRegion(_ text: String) -> Bool {
        !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == " ") }
            && text.first?.isLetter == true
    }

    private static func isAddress(_ text: String) -> Bool {
        let lower = text.lowercased()
        guard let scheme = ["https://", "http://"].first(where: lower.hasPrefix) else { return false }
        let host = lower.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        return !host.isEmpty && !text.contains { $0.isWhitespace }
    }

    private static func isChecksum(_ text: String) -> Bool {
        text.utf8.count == 64 && text.allSatisfy { $0.isASCII && $0.isHexDigit }
    }

    private static func isDuration(_ text: String) -> Bool { GoDuration(text).map { $0.nanoseconds > 0 } ?? false }

    private static func isAbsolute(_ text: String) -> Bool {
        if text.hasPrefix("/") || text.hasPrefix("\\\\") || text.hasPrefix("%") || text.hasPrefix("$") { return true }
        let letters = Array(text.prefix(3))
        return letters.count == 3 && letters[0].isASCII && letters[0].isLetter && letters[1] == ":"
            && (letters[2] == "\\" || letters[2] == "/")
    }

    private static func isFilter(_ text: String) -> Bool {
        ["include:", "exclude:"].contains { text.hasPrefix($0) && text.count > $0.count }
    }
}
