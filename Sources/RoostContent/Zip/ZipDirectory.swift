/// The directory at the end of an archive, checked before anything is unpacked.
enum ZipDirectory {
    /// The end record: 22 bytes and a comment.
    private static let endSize = 22
    private static let longestComment = 0xFFFF

    static func read(_ file: ZipFile, _ limits: ZipLimits) throws(ZipFault) -> [ZipReader.Entry] {
        let tail = try file.bytes(
            at: max(0, file.size - endSize - longestComment),
            count: min(file.size, endSize + longestComment)
        )
        guard tail.count >= endSize,
            let end = (0...tail.count - endSize).last(where: { tail.number32($0) == 0x0605_4b50 })
        else { throw .damaged("it has no directory") }
        let count = Int(tail.number16(end + 10))
        let size = Int(tail.number32(end + 12))
        let offset = Int(tail.number32(end + 16))
        guard count < 0xFFFF, offset < 0xFFFF_FFFF else { throw .tooLarge("it needs sizes of 64 bits") }
        guard count <= limits.entries else {
            throw .tooLarge("it has \(count) entries; at most \(limits.entries) are read")
        }
        // Names have 64 KiB at most; a directory that says it is much larger than its entries is none.
        guard size <= 64 << 20 else { throw .tooLarge("its directory has \(size) bytes") }
        let entries = try entries(try file.bytes(at: offset, count: size), count)
        try check(entries, limits)
        return entries
    }

    private static func entries(_ bytes: [UInt8], _ count: Int) throws(ZipFault) -> [ZipReader.Entry] {
        var entries: [ZipReader.Entry] = []
        var place = 0
        for _ in 0..<count {
            guard place + 46 <= bytes.count, bytes.number32(place) == 0x0201_4b50 else {
                throw .damaged("its directory is broken")
            }
            let length = Int(bytes.number16(place + 28))
            let next = place + 46 + length + Int(bytes.number16(place + 30)) + Int(bytes.number16(place + 32))
            guard next <= bytes.count else { throw .damaged("its directory is broken") }
            entries.append(try entry(bytes, place, length))
            place = next
        }
        return entries
    }

    private static func entry(_ bytes: [UInt8], _ place: Int, _ length: Int) throws(ZipFault) -> ZipReader.Entry {
        guard let raw = String(validating: bytes[place + 46..<place + 46 + length], as: UTF8.self) else {
            throw .unsafeName("not in UTF-8")
        }
        let slashed = raw.replacing("\\", with: "/")
        let isFolder = slashed.hasSuffix("/")
        let name = isFolder ? String(slashed.dropLast()) : slashed
        // Archives made on Unix say so in the upper byte of the version, and keep type and permissions.
        let isUnix = bytes[place + 5] == 3
        let mode = isUnix ? bytes.number32(place + 38) >> 16 : 0
        let type = mode & 0o170000
        guard isSafe(name), type == 0 || type == 0o100000 || type == 0o040000 else { throw .unsafeName(raw) }
        if bytes.number16(place + 8) & 1 != 0 { throw .unsupported(entry: name, "is encrypted") }
        let method = bytes.number16(place + 10)
        guard method == 0 || method == 8 else { throw .unsupported(entry: name, "is packed by method \(method)") }
        return ZipReader.Entry(
            name: name,
            isFolder: isFolder || type == 0o040000,
            isExecutable: mode & 0o100 != 0,
            size: Int(bytes.number32(place + 24)),
            packed: Int(bytes.number32(place + 20)),
            method: method,
            crc: bytes.number32(place + 16),
            offset: Int(bytes.number32(place + 42))
        )
    }

    /// Relative, with no part that leads up or nowhere.
    static func isSafe(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return !name.utf8.contains(0) && name.utf8.count <= 1024
            && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && $0.utf8.count <= 255 }
    }

    private static func check(_ entries: [ZipReader.Entry], _ limits: ZipLimits) throws(ZipFault) {
        var seen: Set<String> = []
        var total = 0
        for entry in entries {
            guard seen.insert(entry.name).inserted || entry.isFolder else { throw .duplicate(entry.name) }
            total += entry.size
            if total > limits.unpacked { throw .tooLarge("unpacked it has more than \(limits.unpacked) bytes") }
        }
    }
}
