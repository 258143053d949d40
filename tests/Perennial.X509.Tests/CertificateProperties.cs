using CsCheck;
using Perennial.TestCertificates;

namespace Perennial.X509.Tests;

public sealed class CertificateProperties : IDisposable
{
    private static readonly Gen<byte[]> Bytes = Gen.Byte.Array[0, 400];

    private readonly TestAuthority _root = TestAuthority.CreateRoot();
    private readonly TestAuthority _intermediate;
    private readonly TestCertificate _leaf;

    public CertificateProperties()
    {
        _intermediate = _root.CreateIntermediate("Test Intermediate", new() { DnsNames = ["ca.example"], PathLength = 3 });
        _leaf = _intermediate.IssueLeaf("dev-01", new() { DnsNames = ["dev-01.example"] });
    }

    public void Dispose()
    {
        _leaf.Dispose();
        _intermediate.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void Random_bytes_never_throw() => Bytes.Sample(bytes =>
    {
        var isRead = Certificate.TryParse(bytes, out var certificate, out var refusal);
        return isRead ? certificate is not null : refusal is not null && certificate is null;
    });

    [Fact]
    public void A_changed_certificate_never_throws_and_never_passes_for_another()
    {
        var original = _leaf.Der.ToArray();
        var change = Gen.Select(Gen.Int[0, original.Length - 1], Gen.Byte[1, 255], Gen.Int[0, original.Length - 1], Gen.Byte);
        var policy = Verdict.Policy();
        change.Sample(
            (place, by, secondPlace, secondBy) =>
            {
                var changed = (byte[])original.Clone();
                changed[place] ^= by;
                changed[secondPlace] ^= secondPlace == place ? (byte)0 : secondBy;
                return IsRefused(policy, changed);
            },
            iter: 3_000);
    }

    [Fact]
    public void No_single_byte_of_a_leaf_can_be_changed()
    {
        var policy = Verdict.Policy();
        var original = _leaf.Der.ToArray();
        for (var place = 0; place < original.Length; place++)
        {
            foreach (var by in new byte[] { 0x01, 0x20, 0x80, 0xFF })
            {
                var changed = (byte[])original.Clone();
                changed[place] ^= by;
                Assert.True(IsRefused(policy, changed), $"byte {place} changed by {by:X2} was accepted");
            }
        }
    }

    [Fact]
    public void A_certificate_cut_short_or_grown_is_not_read_and_one_with_another_end_is_refused()
    {
        var policy = Verdict.Policy();
        var original = _leaf.Der.ToArray();
        Gen.Select(Gen.Int[0, original.Length], Gen.Byte.Array[0, 20]).Sample((cut, tail) =>
        {
            byte[] changed = [.. original.AsSpan(0, cut), .. tail];
            return changed.Length != original.Length
                ? !Certificate.TryParse(changed, out _, out _)
                : changed.AsSpan().SequenceEqual(original) || IsRefused(policy, changed);
        });
    }

    [Fact]
    public void Text_never_throws() => Gen.Select(Gen.Int[0, 2_000], Gen.Char.AlphaNumeric, Gen.Int[0, 2_000], Gen.String[0, 10]).Sample(
        (place, with, cut, tail) =>
        {
            var text = (_leaf.CertificatePem + _root.Own.CertificatePem).ToCharArray();
            text[place % text.Length] = with;
            var changed = new string(text)[..Math.Min(cut, text.Length)] + tail;
            return Pem.TryReadCertificates(changed, out var found, out var refusal) ? found.Count > 0 : refusal is not null;
        });

    [Fact]
    public void A_thumbprint_comes_back_from_its_text() => Bytes.Sample(bytes =>
    {
        var thumbprint = Thumbprint.Of(bytes);
        return Thumbprint.TryParse(thumbprint.ToString(), out var read) && read == thumbprint;
    });

    /// <summary>Another encoding is another certificate: it may be accepted only if not a byte differs.</summary>
    private bool IsRefused(ChainPolicy policy, byte[] leaf)
    {
        if (!CertificateChain.TryCreate(leaf, [_intermediate.Own.Der], out var chain, out var refusal))
        {
            return refusal is not null;
        }

        var search = policy.FindPaths(chain, [_root.Certificate], Verdict.Now);
        return search.Paths.Count == 0 && search.Refusal is not null && chain.Leaf.Subject.Text is not null;
    }
}
