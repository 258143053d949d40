using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Perennial.Authority.Issuance;
using Perennial.Authority.Issuers;
using Perennial.Rolling.Capacity;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Rolls;

/// <summary>Measures what the service bears, beside its usual work and for some seconds, and keeps it.</summary>
internal sealed class MeasureCapacity(IIssuerStore issuers, MeasureIssuance issuance, CapacityStore capacity, TimeProvider time)
{
    private const int Signatures = 32;
    private const int Handshakes = 64;
    private const int Writes = 512;
    private const int SideBySide = 8;
    private const int WritesSideBySide = 64;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private int _isRunning;

    /// <summary>Measures and keeps the figures.</summary>
    /// <param name="door">Where devices connect over TLS.</param>
    /// <param name="host">The name by which they do.</param>
    /// <param name="actor">Who asked for it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What is kept now; null when a measurement is under way.</returns>
    public async Task<ServiceCapacity?> RunAsync(IPEndPoint door, string host, string actor, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isRunning, 1) != 0)
        {
            return null;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(Limit);
        try
        {
            var (handshakes, writes) = (await HandshakesAsync(door, host, stop.Token), await WritesAsync(stop.Token));
            await capacity.SaveAsync(
                new ServiceCapacity
                {
                    Authority = await AuthorityAsync(actor, stop.Token),
                    Provisioning = Figure(
                        Math.Min(handshakes, writes),
                        Sentence($"The smaller of {handshakes:0} TLS handshakes a second, {SideBySide} side by side, and {writes:0} durable writes a second, {WritesSideBySide} side by side.")),
                    Hub = Figure(handshakes, Sentence($"{Handshakes} TLS handshakes, {SideBySide} side by side, both ends of them in this process.")),
                },
                actor,
                cancellationToken);
            return await capacity.ReadAsync(cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
    }

    private async Task<CapacityFigure?> AuthorityAsync(string actor, CancellationToken cancellationToken)
    {
        CapacityFigure? slowest = null;
        foreach (var slot in (await issuers.ListAsync(cancellationToken)).Where(IsMeasured))
        {
            if (await issuance.RunAsync(slot, Signatures, SideBySide, actor, cancellationToken) is { } took)
            {
                var figure = Figure(
                    Signatures / took.TotalSeconds, Sentence($"{Signatures} trial certificates by the issuer '{slot.IssuerName}', {SideBySide} side by side, journaled and not delivered."));
                slowest = slowest is null || figure.PerMinute < slowest.PerMinute ? figure : slowest;
            }
        }

        return slowest;
    }

    // Roots sign authorities and no devices; an authority elsewhere is not asked for trials.
    private static bool IsMeasured(IssuerSlot slot) =>
        slot is { State: IssuerState.Active, Certificate: not null, Above.Count: > 0 } && !slot.Key.IsRemote;

    private async Task<double> HandshakesAsync(IPEndPoint door, string host, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        await EachAsync(Handshakes, SideBySide, _ => HandshakeAsync(door, host, cancellationToken), cancellationToken);
        return Handshakes / time.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task HandshakeAsync(IPEndPoint door, string host, CancellationToken cancellationToken)
    {
        using var socket = new TcpClient(door.AddressFamily);
        await socket.ConnectAsync(door, cancellationToken);
        await using var stream = new SslStream(socket.GetStream());

        // The other end is this very process: what its certificate says is not looked at, but that there is one.
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = host,
            AllowTlsResume = false,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
        };
        await stream.AuthenticateAsClientAsync(options, cancellationToken);
    }

    private async Task<double> WritesAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        await EachAsync(Writes, WritesSideBySide, number => capacity.TryWriteAsync(number, cancellationToken), cancellationToken);
        var rate = Writes / time.GetElapsedTime(began).TotalSeconds;
        await capacity.ForgetTrialsAsync(cancellationToken);
        return rate;
    }

    private static Task EachAsync(int count, int sideBySide, Func<int, Task> workAsync, CancellationToken cancellationToken) => Parallel.ForAsync(
        0,
        count,
        new ParallelOptions { MaxDegreeOfParallelism = sideBySide, CancellationToken = cancellationToken },
        async (number, _) => await workAsync(number));

    private CapacityFigure Figure(double perSecond, string how) => new((int)Math.Clamp(perSecond * 60, 1, int.MaxValue), time.GetUtcNow(), how);

    private static string Sentence(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
