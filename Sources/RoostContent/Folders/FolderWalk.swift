import Glibc

/// Goes through a folder, its folders and files, one after the other, and holds no more than the names of the folders it is in.
///
/// Symbolic links are followed; one that leads back into a folder the walk is in is passed over, so that it ends.
public struct FolderWalk {
    /// One thing of the walk.
    public struct Item: Sendable {
        /// On the disk, below the root as that was given.
        public var place: String
        /// Relative to the root; empty is the root.
        public var path: String
        /// A folder, or a link to one.
        public var isFolder: Bool
        public var isLink: Bool
        /// A link that leads nowhere.
        public var isBroken: Bool
    }

    private struct Identity: Hashable {
        var device: UInt
        var number: UInt

        init(_ status: stat) {
            device = UInt(status.st_dev)
            number = UInt(status.st_ino)
        }
    }

    private let followsLinks: Bool

    public init(followsLinks: Bool = true) { self.followsLinks = followsLinks }

    /// Visits a root and all below it, folders before what is in them, in the order of the names' bytes.
    ///
    /// - Parameters:
    ///   - root: a folder or a file; a root that is not there has no items.
    ///   - visit: may throw to end the walk.
    /// - Throws: what `visit` throws.
    public func visit(_ root: String, _ visit: (Item) throws -> Void) throws {
        guard let (item, status) = Self.item(root, "") else { return }
        try visit(item)
        if item.isFolder { try descend(root, "", [Identity(status)], visit) }
    }

    private func descend(_ folder: String, _ prefix: String, _ above: [Identity], _ visit: (Item) throws -> Void) throws
    {
        // A folder that may not be read, or went meanwhile, has nothing in it for this user.
        for name in (try? FolderNames.sorted(in: folder)) ?? [] {
            let path = prefix.isEmpty ? name : "\(prefix)/\(name)"
            guard let (item, status) = Self.item("\(folder)/\(name)", path) else { continue }
            let own = Identity(status)
            if item.isFolder, item.isLink, above.contains(own) { continue }
            try visit(item)
            guard item.isFolder, followsLinks || !item.isLink, above.count < Self.deepest else { continue }
            try descend(item.place, path, above + [own], visit)
        }
    }

    /// Deeper than paths can be named.
    private static let deepest = Int(PATH_MAX) / 2

    private static func item(_ place: String, _ path: String) -> (Item, stat)? {
        var own = stat()
        guard lstat(place, &own) == 0 else { return nil }
        let isLink = own.st_mode & S_IFMT == S_IFLNK
        var target = own
        let isBroken = isLink && stat(place, &target) != 0
        if isBroken { target = own }
        let isFolder = target.st_mode & S_IFMT == S_IFDIR
        return (Item(place: place, path: path, isFolder: isFolder, isLink: isLink, isBroken: isBroken), target)
    }
}
