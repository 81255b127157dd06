import Glibc

/// What files take of a disk.
enum FolderSize {
    private struct File: Hashable {
        var device: UInt
        var number: UInt
    }

    /// Bytes of a file or a folder with all in it, as the disk has them; links are not followed, and a file with several names counts once.
    static func bytes(of path: String) -> Int {
        var status = stat()
        guard lstat(path, &status) == 0 else { return 0 }
        var seen: Set<File> = []
        let own = Int(status.st_blocks) * 512
        guard status.st_mode & S_IFMT == S_IFDIR else { return own }
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        return own + (folder >= 0 ? below(folder, status.st_dev, &seen) : 0)
    }

    /// Closes the folder; what is mounted in it is another disk's.
    private static func below(_ descriptor: Int32, _ device: dev_t, _ seen: inout Set<File>) -> Int {
        guard let folder = fdopendir(descriptor) else {
            close(descriptor)
            return 0
        }
        defer { closedir(folder) }
        var total = 0
        while let item = readdir(folder) {
            var status = stat()
            let child = withUnsafePointer(to: &item.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { name -> Int32 in
                    if strcmp(name, ".") == 0 || strcmp(name, "..") == 0 { return -2 }
                    guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return -2 }
                    guard status.st_mode & S_IFMT == S_IFDIR, status.st_dev == device else { return -1 }
                    return openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                }
            }
            guard child > -2, status.st_dev == device else {
                if child >= 0 { close(child) }
                continue
            }
            let isSeen =
                status.st_nlink > 1 && status.st_mode & S_IFMT != S_IFDIR
                && !seen.insert(File(device: UInt(status.st_dev), number: UInt(status.st_ino))).inserted
            if !isSeen { total += Int(status.st_blocks) * 512 }
            if child >= 0 { total += below(child, device, &seen) }
        }
        return total
    }
}
