// SPDX-License-Identifier: Apache-2.0 OR MIT
import AsyncHTTPClient
import NIOCore
import NIOPosix
import NIOSSL
import Support
import Synchronization

/// The connections to servers. They live as long as the program, so that the next file need not wait for a new one.
enum WebConnections {
    private static let clients = Mutex<[String: HTTPClient]>([:])

    /// A client that trusts further authorities, and goes through a proxy if there is one.
    ///
    /// - Throws: `fetch.failed` if there are no certificates in a file.
    static func client(authorities: [String], _ proxy: HTTPClient.Configuration.Proxy?) throws(Problem) -> HTTPClient {
        var certificates: [NIOSSLCertificate] = []
        for path in authorities {
            do {
                certificates += try NIOSSLCertificate.fromPEMFile(path)
            } catch {
                throw Problem(
                    "fetch.failed", "‘\(path)’ holds no certificates that can be read",
                    hint: "name a file with certificates in the format PEM")
            }
        }
        let name = "\(authorities) \(proxy.map { "\($0.host):\($0.port)" } ?? "")"
        return clients.withLock { known in
            if let client = known[name] { return client }
            let client = make(certificates, proxy)
            known[name] = client
            return client
        }
    }

    private static func make(
        _ certificates: [NIOSSLCertificate], _ proxy: HTTPClient.Configuration.Proxy?
    ) -> HTTPClient {
        var secure = TLSConfiguration.makeClientConfiguration()
        if !certificates.isEmpty { secure.additionalTrustRoots = [.certificates(certificates)] }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: secure, redirectConfiguration: .disallow, timeout: .init(connect: .seconds(10)), proxy: proxy)
        // A server that isn't there won't be there a moment later either, and a person waits.
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }
}
