/// How the packages of two images differ.
public struct PackageDifference: Hashable, Sendable, Codable {
    public struct Change: Hashable, Sendable, Codable {
        public var name: String
        public var architecture: String
        public var from: String
        public var to: String
        public var isDowngrade: Bool
    }

    public var added: [ImagePackage]
    public var removed: [ImagePackage]
    public var changed: [Change]

    /// What changed from one list to another; a package that is there in several versions counts as one for each.
    public init(from old: [ImagePackage], to new: [ImagePackage]) {
        let (before, after) = (Self.byName(old), Self.byName(new))
        (added, removed, changed) = ([], [], [])
        for key in Set(before.keys).union(after.keys).sorted() {
            let left = (before[key] ?? []).filter { !(after[key] ?? []).contains($0) }
            let right = (after[key] ?? []).filter { !(before[key] ?? []).contains($0) }
            for (old, new) in zip(left, right) where old.version != new.version {
                changed.append(Self.change(old, new))
            }
            removed += left.dropFirst(right.count)
            added += right.dropFirst(left.count)
        }
    }

    public var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }

    private static func change(_ old: ImagePackage, _ new: ImagePackage) -> Change {
        Change(
            name: new.name,
            architecture: new.architecture,
            from: old.version,
            to: new.version,
            isDowngrade: PackageVersion(new.version, new.kind) < PackageVersion(old.version, old.kind)
        )
    }

    private static func byName(_ packages: [ImagePackage]) -> [String: [ImagePackage]] {
        Dictionary(grouping: packages) { "\($0.name) \($0.architecture) \($0.kind.rawValue)" }
            .mapValues { $0.sorted { PackageVersion($0.version, $0.kind) < PackageVersion($1.version, $1.kind) } }
    }
}

/// Which versions of a package somebody asks about: `openssl`, `openssl < 3.0.15`.
public struct PackageQuery: Hashable, Sendable {
    public var name: String
    /// Only versions below it.
    public var below: String?

    public init(name: String, below: String? = nil) {
        self.name = name
        self.below = below
    }

    /// Those that fit, also by the name of their source.
    public func matches(in packages: [ImagePackage]) -> [ImagePackage] {
        packages.filter { package in
            guard package.name == name || package.source == name else { return false }
            return below.map { PackageVersion(package.version, package.kind) < PackageVersion($0, package.kind) }
                ?? true
        }
    }
}
