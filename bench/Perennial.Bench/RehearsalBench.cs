using System.Diagnostics;
using System.Globalization;
using Perennial.Bench.Results;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Rehearsals;
using Perennial.Rolling.Rolls;
using Perennial.Server.Sandbox.Fleet;
using Perennial.X509;

namespace Perennial.Bench;

/// <summary>How long the rehearsal of a roll over a large fleet takes, a year of virtual time.</summary>
internal static class RehearsalBench
{
    private static readonly TimeProvider Time = TimeProvider.System;

    public static async Task<int> RunAsync(bool isQuick)
    {
        var devices = isQuick ? 10_000 : 100_000;
        using var issuer = new FleetIssuer(Time);
        var scene = SceneOf(devices, issuer.Intermediate.Certificate, issuer.NextIntermediate.Certificate);
        var started = Stopwatch.GetTimestamp();
        var cpu = Environment.CpuUsage.TotalTime;
        var result = await RehearseRoll.RunAsync(scene, _ => { }, CancellationToken.None);
        var (elapsed, used) = (Stopwatch.GetElapsedTime(started), Environment.CpuUsage.TotalTime - cpu);
        PerformancePage.Report("rehearsal", string.Create(CultureInfo.InvariantCulture, $"""
            The rehearsal of a roll of {devices:N0} devices, of which a third is connected, a third comes each hour, a third each few days and one in fifty is gone:

            - {RehearsalScene.Horizon.TotalDays:0} days of virtual time rehearsed in {elapsed.TotalSeconds:0.0} s (goal 300 s), processor time {used.TotalSeconds:0.0} s
            - {result.Moved:N0} devices moved, in {result.Waves.Count} waves, the last {(result.LastMoved - scene.Start)?.TotalDays:0.0} days after the start; at most {result.Peak.Issuances} certificates in a minute
            - the roll {(result.Completes ? string.Create(CultureInfo.InvariantCulture, $"ends after {(result.Finishes - scene.Start)?.TotalDays:0} days") : "is not over at the end")}, when the leaves of the devices that are gone end
            """), isQuick);
        return 0;
    }

    private static RehearsalScene SceneOf(int devices, Certificate old, Certificate made)
    {
        var now = Time.GetUtcNow();
        var key = EnrollmentKey.TryGroup("bench", out var found) ? found : throw new InvalidOperationException();
        var prospect = new ChainProspect { Name = "the bench", OldEnd = now.AddYears(2), OldBytes = 1200, NewBytes = 1200 };
        return new RehearsalScene
        {
            Start = now,
            Roll = new Roll
            {
                Id = "bench",
                Kind = RollKind.SigningCertificate,
                Reason = RollReason.Expiration,
                Plan = new RollPlan { CanarySize = 100, WaveSize = 1000, RatePerMinute = 600, OfferWindow = TimeSpan.FromDays(7), ContactWithin = TimeSpan.FromDays(4), Soak = TimeSpan.FromDays(4) },
                State = RollState.Draft,
                Group = key,
                Old = old.Thumbprint,
                New = made.Thumbprint,
                Created = now,
            },
            Enrollments =
            [
                new Enrollment { Key = key, Mechanism = new AttestationMechanism.Signers(new CertificateSlots(old, made)), ETag = "1", Created = now, LastUpdated = now },
            ],
            Leaf = new NewLeaf { Validity = TimeSpan.FromDays(365), IsIssuedHere = true },
            Devices = [.. Enumerable.Range(0, devices).Select(i => Device(i, prospect, now))],
        };
    }

    private static RehearsedDevice Device(int number, ChainProspect prospect, DateTimeOffset now) => new()
    {
        Device = string.Create(CultureInfo.InvariantCulture, $"device-{number:000000}"),
        Prospect = prospect,
        LeafEnd = now.AddDays(300 + (number % 60)),
        Rhythm = (number % 3) switch
        {
            0 => Rhythm.Every(TimeSpan.FromDays(7)),
            1 => new Rhythm([TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(70 + (number % 11))]),
            _ => new Rhythm([TimeSpan.FromDays(1 + (number % 3)), TimeSpan.FromHours(8 + (number % 5))]),
        },
        IsConnected = number % 3 == 0,
        IsGone = number % 50 == 49,
        Seen = number % 50 == 49 ? now.AddDays(-90) : now.AddMinutes(-(number % 400)),
    };
}
