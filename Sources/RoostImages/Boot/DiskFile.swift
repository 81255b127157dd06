import Foundation

/// What is known of a file before it is read as an image.
public enum DiskFile {
    /// Whether it is a disk.
    public static func isOne(_ path: String) throws -> Bool {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        return try DiskForm.of(path) != nil
    }
}
