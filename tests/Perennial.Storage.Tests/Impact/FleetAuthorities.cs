using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Perennial.TestCertificates;

namespace Perennial.Storage.Tests.Impact;

/// <summary>Authorities as awkward as they come: namesakes, without key identifiers, short-lived, with constraints on names, one above the other.</summary>
internal sealed class FleetAuthorities
{
    public static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public FleetAuthorities()
    {
        Root = TestAuthority.CreateRoot("Root");
        Rolled = Root.RollRoot();
        var first = Root.CreateIntermediate("Line");
        var namesake = Root.CreateIntermediate("Line", new() { HasKeyIdentifiers = false });
        var crossed = Root.CreateIntermediate("Line", new() { Key = first.Own.Key, NotAfter = Start.AddDays(25) });
        var elder = Root.CreateIntermediate("Line", new() { HasKeyIdentifiers = false });
        var shortLived = Root.CreateIntermediate("Short", new() { NotAfter = Start.AddDays(40) });
        var constrained = Root.CreateIntermediate("Narrow", new() { Extensions = [OnlyNamesBelow("a.example")] });
        var below = first.CreateIntermediate("Below");
        var other = Rolled.CreateIntermediate("Other");
        var later = Rolled.CreateIntermediate("Later", new() { NotBefore = Start.AddDays(20) });
        Signers = [Root, Rolled, first, crossed, namesake, elder, shortLived, constrained, below, other, later];
        Above = new Dictionary<TestAuthority, TestAuthority[]>
        {
            [Root] = [],
            [Rolled] = [],
            [first] = [first],
            [crossed] = [crossed],
            [namesake] = [namesake],
            [elder] = [elder],
            [shortLived] = [shortLived],
            [constrained] = [constrained],
            [below] = [below, first],
            [other] = [other],
            [later] = [later],
        };
    }

    public TestAuthority Root { get; }

    public TestAuthority Rolled { get; }

    /// <summary>All that issue to devices, and that groups may hold.</summary>
    public IReadOnlyList<TestAuthority> Signers { get; }

    /// <summary>What a device below each of them presents.</summary>
    public IReadOnlyDictionary<TestAuthority, TestAuthority[]> Above { get; }

    private static X509Extension OnlyNamesBelow(string dns)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
        using (writer.PushSequence())
        {
            writer.WriteCharacterString(UniversalTagNumber.IA5String, dns, new Asn1Tag(TagClass.ContextSpecific, 2));
        }

        return new X509Extension("2.5.29.30", writer.Encode(), critical: true);
    }
}
