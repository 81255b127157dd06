import Glibc

/// Folders and files of a job; thin over the system's calls, which cost less than the general file manager.
enum FileTree {
    static func isFile(_ path: String) -> Bool { mode(path).map { $0 & S_IFMT == S_IFREG } ?? false }

    static func isFolder(_ path: String) -> Bool { mode(path).map { $0 & S_IFMT == S_IFDIR } ?? false }

    /// A folder itself, not a link to one.
    static func isRealFolder(_ path: String) -> Bool { isFolder(path) && !isLink(path) }

    static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// Makes a symbolic link; 0 or an error number.
    static func link(_ path: String, to target: String) -> Int32 { symlink(target, path) == 0 ? 0 : errno }

    /// Moves within a file system; 0 or an error number.
    static func rename(_ path: String, to target: String) -> Int32 { Glibc.rename(path, target) == 0 ? 0 : errno }

    static func exists(_ path: String) -> Bool { mode(path) != nil }

    /// Makes a folder and those above it; 0 or an error number.
    static func make(_ path: String, mode: mode_t = 0o755) -> Int32 {
        if mkdir(path, mode) == 0 || (errno == EEXIST && isFolder(path)) { return 0 }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return errno }
        let error = make(String(path[..<slash]), mode: mode)
        if error != 0 { return error }
        return mkdir(path, mode) == 0 || errno == EEXIST ? 0 : errno
    }

    /// Deletes what is in a folder; gives what could not be deleted.
    ///
    /// - Parameters:
    ///   - path: the folder, which stays.
    ///   - keeps: names in it that stay.
    /// - Returns: paths.
    @discardableResult
    static func empty(_ path: String, keeping keeps: Set<String> = []) -> [String] {
        names(in: path).flatMap { keeps.contains($0) ? [] : delete("\(path)/\($0)") }
    }

    /// Deletes a file or a folder with all in it, without following links; gives what could not be deleted.
    @discardableResult
    static func delete(_ path: String) -> [String] {
        if unlink(path) == 0 || errno == ENOENT { return [] }
        var status = stat()
        guard lstat(path, &status) == 0 else { return [] }
        guard status.st_mode & S_IFMT == S_IFDIR else { return [path] }
        // A folder its owner may not write to, as package managers leave them, is no obstacle to its owner.
        if status.st_mode & 0o700 != 0o700 { chmod(path, status.st_mode | 0o700) }
        let left = names(in: path).flatMap { delete("\(path)/\($0)") }
        if rmdir(path) == 0 || errno == ENOENT { return [] }
        return left.isEmpty ? [path] : left
    }

    /// Names in a folder, without `.` and `..`; empty when it cannot be read.
    static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let item = readdir(folder) {
            let name = withUnsafePointer(to: &item.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// The path with links and dots resolved; nil when it does not exist.
    static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    private static func mode(_ path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode : nil
    }
}
