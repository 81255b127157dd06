import Foundation
import RoostContent

/// Packs the folder of a task into a ZIP archive, file by file.
enum TaskArchive {
    /// Writes the archive.
    ///
    /// - Throws: ``TaskPathFailure`` for what cannot be read or leads out of the folder.
    static func write(_ folder: String, to path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
        else { throw TaskPathFailure.notWritable(path: path) }
        defer { try? file.close() }
        var archive = ZipArchive()
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String }.sorted() ?? []
        for name in names {
            guard let source = try source(name, in: folder) else { continue }
            try add(source, as: name, to: file, &archive)
        }
        try file.write(contentsOf: Data(archive.finish()))
    }

    /// The file behind a name; nil for a folder.
    ///
    /// A link counts as the file of the folder it leads to.
    private static func source(_ name: String, in folder: String) throws -> String? {
        let path = "\(folder)/\(name)"
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        switch attributes[.type] as? FileAttributeType {
        case .typeRegular?: return path
        case .typeDirectory?: return nil
        case .typeSymbolicLink?:
            let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            let inside = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
            guard real.hasPrefix("\(inside)/"), !isFolder(real), FileManager.default.fileExists(atPath: real) else {
                throw TaskPathFailure.link(path: path)
            }
            return real
        default: throw TaskPathFailure.unreadable(path: path)
        }
    }

    private static func add(_ source: String, as name: String, to file: FileHandle, _ archive: inout ZipArchive) throws
    {
        guard let input = FileHandle(forReadingAtPath: source) else { throw TaskPathFailure.unreadable(path: source) }
        defer { try? input.close() }
        let mode = FileManager.default.isExecutableFile(atPath: source) ? 0o100755 : 0o100644
        // One moment for all, so that the same files give the same archive.
        let moment = Date(timeIntervalSince1970: 315_532_800)
        try file.write(contentsOf: Data(archive.begin(name, at: moment, mode: mode)))
        while let part = try input.read(upToCount: 1 << 20), !part.isEmpty {
            archive.add([UInt8](part))
            try file.write(contentsOf: part)
        }
        try file.write(contentsOf: Data(archive.end()))
    }
}
