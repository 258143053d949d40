using Perennial.Protocol.Rolling;
using Perennial.Rolling.Rehearsals;

namespace Perennial.Server.Http;

/// <summary>Rehearsals as the service API reads and writes them.</summary>
internal static class RehearsalDocuments
{
    public static RehearsalTerms ToTerms(RehearseRequestDocument request)
    {
        var usual = new RehearsalTerms();
        return new RehearsalTerms
        {
            Specimen = request.Specimen,
            LargestChain = request.LargestChainBytes ?? usual.LargestChain,
            ClockError = request.ClockErrorSeconds is { } seconds and >= 0 and <= 1e10 ? TimeSpan.FromSeconds(seconds) : request.ClockErrorSeconds is null ? usual.ClockError : TimeSpan.MinValue,
            Seed = request.Seed ?? usual.Seed,
            Capacities = new Capacities
            {
                Issuances = request.IssuancesPerMinute,
                Registrations = request.RegistrationsPerMinute,
                Handshakes = request.HandshakesPerMinute,
            },
        };
    }

    public static RehearsalDocument From(Rehearsal rehearsal)
    {
        var (result, document) = (rehearsal.Result, new RehearsalDocument
        {
            State = RollDocuments.Word(rehearsal.State),
            Progress = rehearsal.Progress,
            Fault = rehearsal.Fault,
            Actor = rehearsal.Actor,
            StartedUtc = rehearsal.Started,
            EndedUtc = rehearsal.Ended,
        });
        return result is null ? document : document with
        {
            Findings = [.. result.Findings.Select(From)],
            Blocks = result.Blocks,
            Devices = result.Devices,
            Moved = result.Moved,
            LostDevices = result.LostDevices,
            PeakPerMinute = Math.Max(result.Peak.Issuances, Math.Max(result.Peak.Registrations, result.Peak.Handshakes)),
            Peak = new RehearsalPeakDocument { Issuances = result.Peak.Issuances, Registrations = result.Peak.Registrations, Handshakes = result.Peak.Handshakes },
            Completes = result.Completes,
            FinishesUtc = result.Finishes,
            MostMovedUtc = result.MostMoved,
            LastMovedUtc = result.LastMoved,
            Waves = [.. result.Waves.Select(wave => new RehearsedWaveDocument { Wave = wave.Wave, StartedUtc = wave.Started, Devices = wave.Offered })],
            Seed = result.Seed,
        };
    }

    public static LostDeviceDocument From(LostDevice device) => new() { RegistrationId = device.Device, AtUtc = device.At, Reason = device.Reason };

    private static RehearsalFindingDocument From(RehearsalFinding finding) => new()
    {
        Kind = RollDocuments.Word(finding.Kind),
        Severity = RollDocuments.Word(finding.Severity),
        Devices = finding.Devices,
        Sentence = finding.Sentence,
        Remedy = finding.Remedy,
    };
}
