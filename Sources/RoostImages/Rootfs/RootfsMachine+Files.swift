import Foundation
import RoostContent
import RoostModel

extension RootfsMachine {
    func upload(_ source: FileSource, to path: String) async throws {
        let sandbox = try sandbox()
        try await sandbox.waiting {
            switch source {
            case .bytes(let bytes, let mode): try sandbox.write(bytes, to: path, mode: UInt32(mode))
            case .file(let file):
                let name = String(file.split(separator: "/").last ?? "file")
                try sandbox.copyIn(file, to: path.hasSuffix("/") ? path + name : path)
            case .folder(let folder, let contentsOnly):
                let name = contentsOnly ? "" : "/" + String(folder.split(separator: "/").last ?? "")
                try sandbox.copyFolderIn(folder, to: path.withoutSlashes + name)
            }
        }
    }

    func download(_ path: String, to folder: String) async throws {
        let sandbox = try sandbox()
        try await sandbox.waiting {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let name = path.hasSuffix("/") ? "" : "/" + String(path.split(separator: "/").last ?? "")
            try sandbox.copyOut(path, to: folder.withoutSlashes + name)
        }
    }
}

extension String {
    /// Without slashes at its end.
    fileprivate var withoutSlashes: String {
        var text = self
        while text.count > 1, text.hasSuffix("/") { text.removeLast() }
        return text
    }
}

extension Sandbox {
    func write(_ bytes: [UInt8], to path: String, mode: UInt32) throws {
        let file = FileHandle(
            fileDescriptor: try open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: mode),
            closeOnDealloc: true
        )
        try file.write(contentsOf: bytes)
    }

    /// Brings a file of the machine in, with its mode.
    func copyIn(_ file: String, to path: String) throws {
        let source = Glibc.open(file, O_RDONLY | O_CLOEXEC)
        var status = stat()
        guard source >= 0, fstat(source, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            let reason = source >= 0 ? EISDIR : errno
            if source >= 0 { close(source) }
            throw RootfsFailure.baseMissing(path: file, reason: SandboxFailure.text(reason))
        }
        let input = FileHandle(fileDescriptor: source, closeOnDealloc: true)
        let target = try open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: status.st_mode & 0o777)
        try FileHandle(fileDescriptor: target, closeOnDealloc: true).take(input)
    }

    func copyFolderIn(_ folder: String, to path: String) throws {
        var scan = FolderScan(links: .follow)
        try scan.add(folder)
        try makeFolder(path)
        for item in scan.items {
            let target = "\(path)/\(item.entry.path)"
            switch item.entry.kind {
            case .folder: try makeFolder(target, mode: UInt32(item.entry.mode))
            case .file, .link: try copyIn(item.place, to: target)
            }
        }
    }

    /// Brings a file or folder out; links stay links.
    func copyOut(_ path: String, to target: String) throws {
        let source = try open(path, O_RDONLY)
        var status = stat()
        guard fstat(source, &status) == 0 else {
            close(source)
            throw SandboxFailure.file(path: path, error: errno)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            let file = FileHandle(fileDescriptor: source, closeOnDealloc: true)
            guard status.st_mode & S_IFMT == S_IFREG else { throw SandboxFailure.file(path: path, error: EINVAL) }
            let output = Glibc.open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, status.st_mode & 0o777)
            guard output >= 0 else { throw SandboxFailure.file(path: target, error: errno) }
            return try FileHandle(fileDescriptor: output, closeOnDealloc: true).take(file)
        }
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        for (name, kind) in try FolderEntries.of(source, path) {
            try copyOut(name, kind, from: path, source, to: target)
        }
    }

    private func copyOut(
        _ name: String,
        _ kind: UInt8,
        from folder: String,
        _ descriptor: Int32,
        to target: String
    )
        throws
    {
        if Int(kind) == DT_LNK {
            // The text of a link is taken as it is; where it leads is not looked at.
            let path = "\(folder)/\(name)"
            let link = try open(path, pathOnly | O_NOFOLLOW)
            defer { close(link) }
            var text = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
            guard readlinkat(link, "", &text, Int(PATH_MAX)) > 0 else {
                throw SandboxFailure.file(path: path, error: errno)
            }
            unlink("\(target)/\(name)")
            guard symlink(text, "\(target)/\(name)") == 0 else {
                throw SandboxFailure.file(path: "\(target)/\(name)", error: errno)
            }
        } else if Int(kind) == DT_DIR || Int(kind) == DT_REG {
            try copyOut("\(folder)/\(name)", to: "\(target)/\(name)")
        }
    }
}

/// O_PATH of Linux, which the C library declares to GNU sources only.
private let pathOnly: Int32 = 0o10000000

/// What is in a folder, by its descriptor.
enum FolderEntries {
    /// Names with their kinds; the descriptor is closed.
    static func of(_ descriptor: Int32, _ path: String) throws -> [(String, UInt8)] {
        guard let stream = fdopendir(descriptor) else {
            let error = errno
            close(descriptor)
            throw SandboxFailure.file(path: path, error: error)
        }
        defer { closedir(stream) }
        var entries: [(String, UInt8)] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { entries.append((name, entry.pointee.d_type)) }
        }
        return entries.sorted { $0.0 < $1.0 }
    }
}

extension FileHandle {
    /// Writes everything that another gives.
    fileprivate func take(_ source: FileHandle) throws {
        while let bytes = try source.read(upToCount: 1 << 20), !bytes.isEmpty { try write(contentsOf: bytes) }
    }
}
