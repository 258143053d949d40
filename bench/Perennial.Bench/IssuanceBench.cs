using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Perennial.Authority.Authorities;
using Perennial.Authority.Issuance;
using Perennial.Authority.Keys;
using Perennial.Bench.Results;
using Perennial.Server.Hosting;
using Perennial.Server.Instances;
using Perennial.X509;

namespace Perennial.Bench;

/// <summary>Certificates issued per second: from the bytes of a signing request to the chain, with every record on disk.</summary>
internal static class IssuanceBench
{
    private const int Together = 64;
    private const string Issuer = "bench";

    public static async Task<int> RunAsync(bool isQuick)
    {
        var (requests, rounds) = isQuick ? (400, 2) : (2000, 5);
        var folder = Directory.CreateTempSubdirectory("perennial-bench-");
        try
        {
            using var instance = Instance.Open(
                new ServeOptions { DataFolder = folder.FullName, Host = "localhost", Bind = IPAddress.Loopback, MqttPort = 0, AmqpPort = 0, HttpsPort = 0, PortalPort = 0 },
                TimeProvider.System);
            await using var database = DatabaseOpening.Open(instance.Database, NullLoggerFactory.Instance, TimeProvider.System);
            using var parts = AuthorityParts.Compose(instance, database, TimeProvider.System);
            var rows = new List<string>();
            foreach (var algorithm in new[] { KeyAlgorithm.P256, KeyAlgorithm.P384, KeyAlgorithm.Rsa2048 })
            {
                await parts.CreateAuthority.RunAsync(new AuthorityWishes { IssuerName = $"{Issuer}-{algorithm}", Algorithm = algorithm }, "bench", CancellationToken.None);
                await parts.Profiles.SaveAsync(new() { Name = $"{algorithm}-issuer", IssuerName = $"{Issuer}-{algorithm}" }, "bench", CancellationToken.None);
                rows.Add(await MeasureAsync(parts.Issue, algorithm, requests, rounds));
            }

            PerformancePage.Report("issuance", string.Create(CultureInfo.InvariantCulture, $"""
                | issuer | certificates per second: median (min–max) | µs of CPU for each: median |
                | --- | --- | --- |
                {string.Join('\n', rows)}

                {rounds} rounds of {requests} signing requests of P-256 devices, {Together} at a time, SQLite with `synchronous=FULL`. Goal: 300 with a P-256 issuer.
                """), isQuick);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> MeasureAsync(IssueCertificate issue, KeyAlgorithm algorithm, int count, int rounds)
    {
        var (rates, costs) = (new List<double>(), new List<double>());
        await IssueAllAsync(issue, algorithm, MakeRequests(Together * 4));
        for (var round = 0; round < rounds; round++)
        {
            var requests = MakeRequests(count);
            var before = Environment.CpuUsage.TotalTime;
            var started = Stopwatch.GetTimestamp();
            await IssueAllAsync(issue, algorithm, requests);
            var elapsed = Stopwatch.GetElapsedTime(started);
            rates.Add(count / elapsed.TotalSeconds);
            costs.Add((Environment.CpuUsage.TotalTime - before).TotalMicroseconds / count);
        }

        rates.Sort();
        costs.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"| {algorithm} | {rates[rounds / 2]:0} ({rates[0]:0}–{rates[^1]:0}) | {costs[rounds / 2]:0} |");
    }

    private static Task IssueAllAsync(IssueCertificate issue, KeyAlgorithm algorithm, IReadOnlyList<byte[]> requests) => Parallel.ForEachAsync(
        requests,
        new ParallelOptions { MaxDegreeOfParallelism = Together },
        async (der, cancellationToken) =>
        {
            if (!CertificateSigningRequest.TryParse(der, out var request, out var refusal))
            {
                throw new InvalidOperationException(refusal.Detail);
            }

            var outcome = await issue.RunAsync(
                new() { ProfileName = $"{algorithm}-issuer", SigningRequest = request, CommonName = request.CommonName, Actor = "bench", IdempotencyKey = "once" },
                cancellationToken);
            if (outcome is not IssuanceOutcome.Issued { Chain.OnWire.Count: 3 })
            {
                throw new InvalidOperationException($"{outcome} instead of a certificate.");
            }
        });

    private static List<byte[]> MakeRequests(int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ =>
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return new CertificateRequest($"CN=device-{Guid.NewGuid():N}", key, HashAlgorithmName.SHA256).CreateSigningRequest();
        }),
    ];
}
