using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Rehearsals;
using Perennial.Rolling.Rolls;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Rolling.Tests.Rehearsals;

/// <summary>What operators do wrong.</summary>
internal static class BadPlans
{
    public static IReadOnlyList<BadPlan> All { get; } = [.. Chains(), .. Times(), .. Plans(), .. Devices(), .. Services()];

    private const string EcdsaWithSha1 = "1.2.840.10045.4.1";

    private static DateTimeOffset Start => Planned.Start;

    private static IEnumerable<BadPlan> Chains()
    {
        yield return new("the intermediate is missing in the new chain", () => WithSpecimen(below: TestAuthority.CreateRoot("New", LongLived).CreateIntermediate("Issuing", LongLived), sent: []), FindingKind.MissingIntermediate);
        yield return new("the staged certificate allows no authority below it", () => WithIssuing(root => root with { PathLength = 0 }, own => own), FindingKind.NewRefused);
        yield return new("the issuing authority has no CA bit", () => WithIssuing(root => root, own => own with { IsAuthority = false }), FindingKind.NewRefused);
        yield return new("the new leaf is not for clients", () => WithLeaf(leaf => leaf with { Purposes = [ChainPolicyOptions.ServerAuthentication] }), FindingKind.NewRefused);
        yield return new("the new leaf has a weak key", () => WithLeaf(leaf => leaf with { Key = TestKey.Rsa(1024) }), FindingKind.NewRefused);
        yield return new("the new leaf is signed with SHA-1", () => WithLeaf(leaf => leaf with { SignatureAlgorithm = EcdsaWithSha1 }), FindingKind.NewRefused);
        yield return new("the staged certificate is not valid yet", () => new Planned { New = TestAuthority.CreateRoot("New", LongLived with { NotBefore = Start.AddDays(3) }) }, FindingKind.NewRefused);
        yield return new("the leaf names another device", () => WithLeaf(leaf => leaf, "lamp.example"), FindingKind.CommonNameChanged);
        yield return new("the chain is too long for a device of 4 KB", TooLong, FindingKind.ChainTooLong);
        yield return new("the profile issues below the old certificate", BelowOld, FindingKind.WrongAuthority);
        yield return new("the issuer ends before the leaf", () => Good with { NewLeaf = Good.NewLeaf with { IssuerEnd = Start.AddDays(100) } }, FindingKind.IssuerOutlived);
        yield return new("the profile's issuer has no active slot", () => Good with { NewLeaf = Good.NewLeaf with { IssuerFault = "The issuer 'factory' has no active slot." } }, FindingKind.NoIssuer);
        yield return new("the new leaf ends before the old one", () => Good with { NewLeaf = Good.NewLeaf with { Validity = TimeSpan.FromDays(90) } }, FindingKind.NewEndsFirst);
        yield return new("the new signing certificate ends before the old one", () => new Planned { New = TestAuthority.CreateRoot("New", Planned.TwoYears with { NotAfter = Start.AddYears(1).AddDays(30) }) }, FindingKind.NewEndsFirst);
        yield return new("after a breach the new certificate has the old key", SameKey, FindingKind.SameKey);
        yield return new("the successor has the same name and no key identifiers", SameSubject, FindingKind.SameSubject, FindingSeverity.Warns);
        yield return new("a cross-certificate puts devices below both slots", BelowBoth, FindingKind.BelowBoth, FindingSeverity.Warns);
    }

    private static IEnumerable<BadPlan> Times()
    {
        yield return new("the window is shorter than devices sleep", () => Sleeping(TimeSpan.FromDays(3), Good.Plan with { OfferWindow = TimeSpan.FromHours(4), ContactWithin = TimeSpan.FromDays(4) }), FindingKind.WindowTooShort);
        yield return new("a wave is watched for less time than devices sleep", () => Sleeping(TimeSpan.FromDays(3), Good.Plan with { OfferWindow = TimeSpan.FromDays(7) }), FindingKind.SoakTooShort, FindingSeverity.Warns);
        yield return new("the first maintenance window opens when the leaves have ended", () => Good with
        {
            Plan = Good.Plan with { Windows = [new([DayOfWeek.Sunday], new TimeOnly(3, 0), new TimeOnly(4, 0), TimeZoneInfo.Utc)] },
            Each = (_, device) => device with { LeafEnd = Start.AddDays(5) },
        }, FindingKind.WindowsNeverOpen);
        yield return new("the maintenance windows are too short for so many devices", () => Good with
        {
            Plan = Good.Plan with { RatePerMinute = 1, Windows = [new([DayOfWeek.Sunday], new TimeOnly(3, 0), new TimeOnly(3, 10), TimeZoneInfo.Utc)] },
            Each = (_, device) => device with { LeafEnd = Start.AddDays(60) },
        }, FindingKind.TooLate);
        yield return new("the rate is too low for the life that is left", () => new Planned
        {
            Old = TestAuthority.CreateRoot("Old", Planned.TwoYears with { NotAfter = Start.AddHours(3) }),
            Plan = Good.Plan with { RatePerMinute = 1 },
        }, FindingKind.TooSlow);
        yield return new("the old certificate ends in the middle of the roll", () => new Planned { Old = TestAuthority.CreateRoot("Old", Planned.TwoYears with { NotAfter = Start.AddHours(5) }) }, FindingKind.TooLate);
        yield return new("leaves end before their turn", () => Good with { Each = (i, device) => i >= 150 ? device with { LeafEnd = Start.AddHours(4) } : device }, FindingKind.TooLate);
        yield return new("clocks lie behind the beginning of the new leaf", () => Good with { Each = (i, device) => i % 5 == 0 ? device with { ClockError = -TimeSpan.FromHours(2) } : device }, FindingKind.ClockBehind);
    }

    private static IEnumerable<BadPlan> Plans()
    {
        yield return new("the canary names a device that is none of the roll", () => Good with { Plan = Good.Plan with { Canary = ["device-001", "lamp-1"] } }, FindingKind.CanaryUnknown);
        yield return new("the canary is a device that is gone", () => Good with { Plan = Good.Plan with { Canary = ["device-007"] }, Each = (i, device) => i == 7 ? Gone(device) : device }, FindingKind.CanarySilent);
        yield return new("no device of the canary has the other chain", () => Good with { Each = (i, device) => i >= 100 ? device with { Prospect = device.Prospect! with { Name = "the second factory" } } : device }, FindingKind.CanaryNotRepresentative, FindingSeverity.Warns);
        yield return new("the gate is above the share of devices that come", () => Good with
        {
            Plan = Good.Plan with { Gate = 1, LostContact = new HaltLimit(1, 50) },
            Each = (i, device) => i % 10 == 9 ? Gone(device) : device,
        }, FindingKind.GateUnreachable);
        yield return new("the limit of lost contact is below what is usual", () => Good with { Plan = Good.Plan with { LostContact = new HaltLimit(0.01, 1), ContactWithin = TimeSpan.FromMinutes(40) } }, FindingKind.Halts);
        yield return new("no wave can reach the limit of refusals", () => Good with { Plan = Good.Plan with { Refusals = new HaltLimit(0.02, 100) } }, FindingKind.LimitUnreachable);
        yield return new("direct methods are sent to devices that sleep", () => Good with { Plan = Good.Plan with { Offer = RollOffer.Method } }, FindingKind.MethodToSleeping);
    }

    private static IEnumerable<BadPlan> Devices()
    {
        yield return new("the hub knows the old leaf and devices do not register again", () => Good with { Each = (_, device) => device with { FollowsEnrollment = false, RegistersAgain = false } }, FindingKind.HubKnowsOldLeaf);
        yield return new("nobody is enrolled", () => Good with { Devices = 0 }, FindingKind.NoDevices);
        yield return new("the enrollment is disabled", () => Good with { IsEnabled = false }, FindingKind.EnrollmentDisabled);
        yield return new("the new certificate was taken out again", () => new Planned { Staged = TestAuthority.CreateRoot("Another").Certificate }, FindingKind.NotStaged);
        yield return new("devices were never seen", () => Good with { Each = (i, device) => i % 2 == 0 ? device with { Prospect = null, LeafEnd = null, Seen = null, IsGone = true } : device }, FindingKind.UnknownDevices, FindingSeverity.Warns);
    }

    private static IEnumerable<BadPlan> Services()
    {
        yield return new("the authority issues fewer certificates in a minute", () => Fast with { Capacities = new Capacities { Issuances = 20 } }, FindingKind.IssuanceRateExceeded);
        yield return new("the provisioning service bears fewer registrations in a minute", () => Fast with { Capacities = new Capacities { Registrations = 20 } }, FindingKind.RegistrationRateExceeded);
        yield return new("the hubs bear fewer handshakes in a minute", () => Fast with { Capacities = new Capacities { Handshakes = 20 } }, FindingKind.HandshakeRateExceeded);
    }

    private static Planned Good => new();

    private static TestCertificateOptions LongLived => Planned.TwoYears with { NotAfter = Start.AddYears(9) };

    private static TestCertificateOptions LeafOptions => new() { NotBefore = Start.AddMinutes(-5), NotAfter = Start.AddDays(365) };

    // Devices that are connected and are told at once come at once.
    private static Planned Fast => Good with
    {
        Plan = Good.Plan with { WaveSize = 197, RatePerMinute = 6000, OfferWindow = TimeSpan.FromMinutes(1) },
        Each = (_, device) => device with { IsConnected = true },
    };

    private static RehearsedDevice Gone(RehearsedDevice device) => device with { IsGone = true, Seen = Start.AddDays(-90) };

    private static Planned Sleeping(TimeSpan gap, RollPlan plan) => Good with { Plan = plan, Each = (i, device) => device with { Rhythm = Rhythm.Every(gap), Seen = Start.AddHours(-(i % 70)) } };

    private static Planned WithLeaf(Func<TestCertificateOptions, TestCertificateOptions> change, string name = "device-000")
    {
        var made = Good;
        return made with { Specimen = [made.New.IssueLeaf(name, change(LeafOptions)).Certificate] };
    }

    private static Planned WithSpecimen(TestAuthority below, IReadOnlyList<Certificate> sent) => Good with { Specimen = [below.IssueLeaf("device-000", LeafOptions).Certificate, .. sent] };

    private static Planned WithIssuing(Func<TestCertificateOptions, TestCertificateOptions> root, Func<TestCertificateOptions, TestCertificateOptions> issuing)
    {
        var made = TestAuthority.CreateRoot("New", root(LongLived));
        var below = made.CreateIntermediate("Issuing", issuing(LongLived));
        return new Planned { New = made, Specimen = [below.IssueLeaf("device-000", LeafOptions).Certificate, below.Certificate] };
    }

    private static Planned TooLong()
    {
        var made = TestAuthority.CreateRoot("New", LongLived with { Key = TestKey.Rsa(4096) });
        var first = made.CreateIntermediate("Region", LongLived with { Key = TestKey.Rsa(4096) });
        var second = first.CreateIntermediate("Factory", LongLived with { Key = TestKey.Rsa(4096) });
        return new Planned { New = made, Specimen = [second.IssueLeaf("device-000", LeafOptions).Certificate, second.Certificate, first.Certificate, made.Certificate] };
    }

    private static Planned BelowOld()
    {
        var made = Good;
        return made with { Specimen = [made.Old.IssueLeaf("device-000", LeafOptions).Certificate] };
    }

    private static Planned SameKey()
    {
        var key = TestKey.P256();
        return new Planned
        {
            Reason = RollReason.Breach,
            Old = TestAuthority.CreateRoot("Old", Planned.TwoYears with { Key = key }),
            New = TestAuthority.CreateRoot("New", LongLived with { Key = key }),
        };
    }

    private static Planned SameSubject() => new()
    {
        Old = TestAuthority.CreateRoot("Line", Planned.TwoYears with { HasKeyIdentifiers = false }),
        New = TestAuthority.CreateRoot("Line", LongLived with { HasKeyIdentifiers = false }),
    };

    // The old authority signed by the new one: what devices present leads to both.
    private static Planned BelowBoth()
    {
        var made = new Planned { New = TestAuthority.CreateRoot("New", LongLived) };
        var old = made.Old;
        var cross = made.New.CreateIntermediate("Old", LongLived with { Subject = old.Certificate.Subject.Der, Key = old.Own.Key, SubjectKeyIdentifier = old.Certificate.SubjectKeyIdentifier });
        return made with { Present = [old.IssueLeaf("device-000", LeafOptions with { NotAfter = Start.AddDays(300) }).Certificate, cross.Certificate] };
    }
}
