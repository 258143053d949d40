using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Perennial.Authority.Proofs;
using Perennial.Server.Proofs;

namespace Perennial.Server.Tests.Proofs;

public sealed class SignedProofTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Fact]
    public void A_report_holds_however_it_is_laid_out_and_names_its_key()
    {
        using var key = ProofKey.Open(ProofKey.Make());
        var proof = SignedProof.Sign(Report(), key);
        Assert.Null(SignedProof.FindFault(BytesOf(proof.ToJsonString()), key.Id, out var report));
        Assert.Equal((string?)proof["sha256"], SignedProof.HashOf(report!));
        Assert.Null(SignedProof.FindFault(BytesOf(proof.ToJsonString(Indented)), key.Id, out _));
        Assert.Contains("is signed by the key", SignedProof.FindFault(BytesOf(proof.ToJsonString()), new string('0', 64), out _), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"moved\":3", "\"moved\":4")]
    [InlineData("lamp-1", "lamp-2")]
    [InlineData("\"waiver\":null", "\"waiver\":\"\"")]
    [InlineData("\"report\"", "\"raport\"")]
    [InlineData("\"signature\":\"", "\"signature\":\"A")]
    [InlineData("..", ".AA.")]
    [InlineData("BEGIN PUBLIC KEY", "BEGIN PRIVATE KEY")]
    public void A_report_that_was_changed_does_not(string from, string to)
    {
        using var key = ProofKey.Open(ProofKey.Make());
        var text = SignedProof.Sign(Report(), key).ToJsonString();
        Assert.Contains(from, text, StringComparison.Ordinal);
        Assert.NotNull(SignedProof.FindFault(BytesOf(text.Replace(from, to, StringComparison.Ordinal)), keyId: null, out var report));
        Assert.Null(report);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"report\":{},\"report\":{}}")]
    [InlineData("{\"report\":{}}")]
    public void What_is_none_is_told_so(string text) => Assert.NotNull(SignedProof.FindFault(BytesOf(text), keyId: null, out _));

    [Fact]
    public void The_page_of_a_report_has_no_script_and_escapes_what_devices_are_called()
    {
        using var key = ProofKey.Open(ProofKey.Make());
        var report = Report();
        report["devices"]!.AsArray().Add(new JsonObject { ["device"] = "<script>alert(1)</script>" });
        var page = ProofPage.Of(SignedProof.Sign(report, key));
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;alert(1)", page, StringComparison.Ordinal);
    }

    private static byte[] BytesOf(string text) => Encoding.UTF8.GetBytes(text);

    private static JsonObject Report() => new()
    {
        ["roll"] = new JsonObject { ["id"] = "spring", ["state"] = "Completed" },
        ["outcome"] = new JsonObject { ["devices"] = 3, ["moved"] = 3 },
        ["acts"] = new JsonArray(),
        ["gaps"] = "A \"quoted\" sentence, \u00fc, \u2028.",
        ["devices"] = new JsonArray(new JsonObject { ["device"] = "lamp-1", ["moved"] = true, ["waiver"] = null }),
    };
}
