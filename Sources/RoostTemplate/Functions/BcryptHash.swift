import CCrypt

/// The bcrypt hash of a text, as the system's library makes it.
struct BcryptHash {
    static let standardCost = 10
    /// Each step doubles the time; beyond this one a hash takes seconds.
    static let highestCost = 16
    /// What comes after is not hashed.
    static let textLimit = 72
    private static let alphabet = Array("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    let cost: Int
    /// 16 bytes.
    let salt: [UInt8]

    /// The hash with its prefix `$2a$`; nil when the library cannot make it.
    func hash(_ text: String) -> String? {
        let digits = cost < 10 ? "0\(cost)" : "\(cost)"
        // The methods 2a and 2b are the same for texts of this length; of 2a the library watches for what old programs did wrong.
        let setting = "$2b$\(digits)$\(Self.encoded(salt))"
        var output = [CChar](repeating: 0, count: 64)
        guard roost_crypt(text, setting, &output, output.count) == 0 else { return nil }
        let hash = String(decoding: output.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return "$2a$" + hash.dropFirst(4)
    }

    /// In groups of six bits, the highest first, without padding.
    private static func encoded(_ bytes: [UInt8]) -> String {
        var (text, bits, count): ([UInt8], Int, Int) = ([], 0, 0)
        for byte in bytes {
            bits = bits << 8 | Int(byte)
            count += 8
            while count >= 6 {
                count -= 6
                text.append(alphabet[bits >> count & 63])
            }
            bits &= 63
        }
        if count > 0 { text.append(alphabet[bits << (6 - count) & 63]) }
        return String(decoding: text, as: UTF8.self)
    }
}

extension HCLFunctions {
    static func bcrypt(_ system: HCLSystem) -> HCLFunction {
        HCLFunction(.init("str", .string), variadic: .init("cost", .number), result: .string) { arguments in
            guard arguments.count < 3 else { throw HCLFunctionFault("it takes no more than two arguments") }
            let text = arguments[0].textOrEmpty
            guard text.utf8.count <= BcryptHash.textLimit, !text.utf8.contains(0) else {
                let limit = BcryptHash.textLimit
                throw HCLFunctionFault("a text of at most \(limit) bytes without zeros is required", argument: 0)
            }
            let cost = arguments.count == 2 ? try arguments[1].whole(1) : BcryptHash.standardCost
            guard cost <= BcryptHash.highestCost else {
                throw HCLFunctionFault("the cost is at most \(BcryptHash.highestCost)", argument: 1)
            }
            // Costs that are too low count as none.
            let hash = BcryptHash(cost: cost < 4 ? BcryptHash.standardCost : cost, salt: system.random(16))
            guard let result = hash.hash(text) else { throw HCLFunctionFault("the system cannot make the hash") }
            return .string(result)
        }
    }
}
