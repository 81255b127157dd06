import FoundationEssentials
public import RoostModel

/// The frames between a listener and its worker.
///
/// ```
/// frame   := kind:u32 length:u32 body[length]            little-endian
/// newJob  := length:u32 configuration[length] message    both JSON
/// ```
/// The kinds are those of Azure Pipelines' agent, where it has them.
public enum WorkerChannel {
    /// The longest body; a message with larger variables could not be carried out anyhow.
    public static let longestBody = 64 << 20

    private enum Kind: UInt32 {
        case newJob = 1
        case cancel = 2
        case agentShutdown = 3
        case jobMetadata = 5
        case prepare = 100
        case leaseHeld = 101
        case flushLogs = 9999
    }

    /// The bytes of a frame.
    ///
    /// - Throws: an error of the JSON encoder, which the types of the frame do not give cause for.
    public static func encode(_ frame: WorkerFrame) throws -> [UInt8] {
        switch frame {
        case .prepare(let configuration): bytes(.prepare, try json(configuration))
        case .newJob(let configuration, let message):
            bytes(.newJob, sized(try json(configuration)) + message)
        case .leaseHeld: bytes(.leaseHeld, [])
        case .cancel(let timeout): bytes(.cancel, Array("\(timeout.components.seconds)".utf8))
        case .agentShutdown(let reason): bytes(.agentShutdown, Array(reason.utf8))
        case .jobMetadata(let body): bytes(.jobMetadata, body)
        case .flushLogs: bytes(.flushLogs, [])
        }
    }

    private static func json(_ value: WorkerConfiguration) throws -> [UInt8] { Array(try JSONEncoder().encode(value)) }

    private static func bytes(_ kind: Kind, _ body: [UInt8]) -> [UInt8] { number(kind.rawValue) + sized(body) }

    private static func sized(_ body: [UInt8]) -> [UInt8] { number(UInt32(body.count)) + body }

    private static func number(_ value: UInt32) -> [UInt8] {
        [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// Puts frames together from bytes that come in pieces cut anywhere.
    public struct Decoder: Sendable {
        private var buffer: [UInt8] = []

        public init() {}

        /// Adds bytes and gives the frames that are complete now; kinds from a newer listener are passed over.
        ///
        /// - Throws: ``WorkerChannelFault``; the channel is of no use after that.
        public mutating func feed(_ bytes: some Sequence<UInt8>) throws(WorkerChannelFault) -> [WorkerFrame] {
            buffer.append(contentsOf: bytes)
            var frames: [WorkerFrame] = []
            var start = 0
            while buffer.count - start >= 8 {
                let length = Int(WorkerChannel.number(in: buffer, at: start + 4))
                guard length <= WorkerChannel.longestBody else { throw .tooLong(length) }
                guard buffer.count - start - 8 >= length else { break }
                let body = buffer[(start + 8)..<(start + 8 + length)]
                if let frame = try WorkerChannel.decode(WorkerChannel.number(in: buffer, at: start), body) {
                    frames.append(frame)
                }
                start += 8 + length
            }
            buffer.removeFirst(start)
            return frames
        }
    }

    private static func number(in bytes: [UInt8], at place: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32($1 * 8) }
    }

    private static func decode(_ kind: UInt32, _ body: ArraySlice<UInt8>) throws(WorkerChannelFault) -> WorkerFrame? {
        switch Kind(rawValue: kind) {
        case .prepare: return .prepare(try configuration(body))
        case .newJob:
            let bytes = Array(body)
            guard bytes.count >= 4 else { throw .malformed("a job without configuration") }
            let length = Int(number(in: bytes, at: 0))
            guard bytes.count >= 4 + length else { throw .malformed("a configuration that is cut off") }
            return .newJob(try configuration(bytes[4..<(4 + length)]), message: Array(bytes[(4 + length)...]))
        case .leaseHeld: return .leaseHeld
        case .cancel:
            guard let seconds = Int(String(decoding: body, as: UTF8.self)) else {
                throw .malformed("a cancel without time")
            }
            return .cancel(timeout: .seconds(seconds))
        case .agentShutdown: return .agentShutdown(String(decoding: body, as: UTF8.self))
        case .jobMetadata: return .jobMetadata(Array(body))
        case .flushLogs: return .flushLogs
        case nil: return nil
        }
    }

    private static func configuration(_ body: ArraySlice<UInt8>) throws(WorkerChannelFault) -> WorkerConfiguration {
        do { return try JSONDecoder().decode(WorkerConfiguration.self, from: Data(body)) } catch {
            throw .malformed("a configuration that cannot be read")
        }
    }
}

/// What is wrong with the bytes a worker got.
public enum WorkerChannelFault: UserFacingError, Hashable {
    case tooLong(Int)
    case malformed(String)

    public var code: String { "worker.channel" }

    public var summary: String {
        switch self {
        case .tooLong(let length): "The listener announced a frame of \(length) bytes, more than a worker takes."
        case .malformed(let what): "The listener sent \(what)."
        }
    }

    public var advice: String? { "A worker is started by the listener of the same version, not by hand." }
}
