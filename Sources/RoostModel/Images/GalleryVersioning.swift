/// How a version that is made gets its number when nobody gave one.
///
/// The rules are those of Image Builder's `versioning`.
public enum GalleryVersioning: Hashable, Sendable {
    /// The next patch above the highest of all versions, or above the highest with this major number.
    case next(major: UInt32?)
    /// The number of what it was made from; the next patch above the highest with that major and minor number when it is taken.
    case source(ImageVersionNumber)

    /// The number.
    ///
    /// - Parameter numbers: those that are there, published or not.
    /// - Returns: nil when no patch is left.
    public func number(after numbers: [ImageVersionNumber]) -> ImageVersionNumber? {
        switch self {
        case .next(let major):
            let rivals = numbers.filter { major == nil || $0.major == major }
            guard let highest = rivals.max() else { return ImageVersionNumber(major ?? 0, 0, 1) }
            return highest.patched
        case .source(let source):
            guard numbers.contains(source) else { return source }
            return numbers.filter { ($0.major, $0.minor) == (source.major, source.minor) }.max()?.patched
        }
    }
}

extension ImageVersionNumber {
    /// The next patch.
    fileprivate var patched: ImageVersionNumber? {
        patch == .max ? nil : ImageVersionNumber(major, minor, patch + 1)
    }
}
