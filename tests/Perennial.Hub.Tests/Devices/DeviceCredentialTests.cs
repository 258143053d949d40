using Perennial.Hub.Devices;
using Perennial.Hub.Tests.Fakes;
using Perennial.TestCertificates;

namespace Perennial.Hub.Tests.Devices;

public sealed class DeviceCredentialTests
{
    private readonly TestCertificate _leaf = TestAuthority.CreateSelfSignedLeaf("dev");

    [Fact]
    public void A_slot_holds_a_leaf_by_either_hash_in_either_case()
    {
        var sha256 = _leaf.Certificate.Thumbprint.ToString();
        var sha1 = _leaf.Certificate.Sha1Thumbprint;
        foreach (var text in new[] { sha256, sha1 }.SelectMany(hash => new[] { hash, Lower(hash) }))
        {
            Assert.Equal(CredentialSlot.Primary, Slots(text, null).SlotOf(_leaf.Certificate));
            Assert.Equal(CredentialSlot.Secondary, Slots(null, text).SlotOf(_leaf.Certificate));
        }

        Assert.Null(Slots(null, null).SlotOf(_leaf.Certificate));
        Assert.Null(Slots(new string('0', 64), new string('0', 40)).SlotOf(_leaf.Certificate));
    }

    [Theory]
    [InlineData("AB")]
    [InlineData("AB:CD")]
    [InlineData("zz34567890123456789012345678901234567890")]
    public void A_text_of_another_form_is_no_thumbprint(string text) =>
        Assert.False(DeviceCredential.Thumbprints.TryCreate(text, null, out _));

    [Fact]
    public void Thumbprints_stay_as_they_were_written()
    {
        var text = Lower(_leaf.Certificate.Sha1Thumbprint);
        Assert.Equal(text, Slots(text, null).Primary);
    }

    [Theory]
    [InlineData(15, false)]
    [InlineData(16, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_key_has_16_to_64_bytes(int length, bool expected) =>
        Assert.Equal(expected, DeviceCredential.SymmetricKeys.TryCreate(new byte[length], new byte[32], out _));

    [Fact]
    public void Keys_are_never_printed()
    {
        var keys = DeviceCredential.SymmetricKeys.Mint();
        Assert.DoesNotContain(Convert.ToBase64String(keys.Primary.Span), $"{keys}", StringComparison.Ordinal);
        Assert.Equal("symmetric keys", keys.ToString());
    }

    [Fact]
    public void Writing_back_what_was_shown_keeps_following_the_enrollment()
    {
        var follows = new DeviceCredential.FollowsEnrollment("dev", MemoryEnrollments.Reference("dev"), _leaf.Certificate.Thumbprint);
        Assert.Same(follows, DeviceCredential.Replace(follows, Slots(Shown(follows).Primary, Lower(Shown(follows).Secondary!))));
    }

    [Fact]
    public void Writing_anything_else_makes_the_identity_ones_own()
    {
        var follows = new DeviceCredential.FollowsEnrollment("dev", MemoryEnrollments.Reference("dev"), _leaf.Certificate.Thumbprint);
        var asked = Slots(Shown(follows).Primary, null);
        Assert.Same(asked, DeviceCredential.Replace(follows, asked));
    }

    private static DeviceCredential.Thumbprints Shown(DeviceCredential.FollowsEnrollment follows) => (DeviceCredential.Thumbprints)follows.Shown;

#pragma warning disable CA1308 // The spelling is the subject.
    private static string Lower(string text) => text.ToLowerInvariant();
#pragma warning restore CA1308

    private static DeviceCredential.Thumbprints Slots(string? primary, string? secondary) =>
        (DeviceCredential.Thumbprints)World.Thumbprints(primary, secondary);
}
