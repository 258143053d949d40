using System.Text.Json.Nodes;
using Perennial.Protocol.Rolling;

namespace Perennial.Protocol.Tests.Rolling;

public sealed class RollWindowDocumentTests
{
    private static readonly RollWindowDocument Window = new()
    {
        NotBefore = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        NotAfter = new(2026, 1, 8, 0, 0, 0, TimeSpan.Zero),
    };

    [Fact]
    public void A_window_is_found_among_other_properties()
    {
        var carrier = JsonNode.Parse("""
            {"interval":60,"certificateRenewal":{"notBefore":"2026-01-01T00:00:00Z","notAfter":"2026-01-08T00:00:00Z","more":true},"$version":4}
            """)!.AsObject();
        Assert.Equal(Window, RollWindowDocument.Find(carrier));
    }

    [Fact]
    public void A_window_is_read_as_it_was_written() => Assert.Equal(Window, RollWindowDocument.Find(Window.ToCarrier()));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"certificateRenewal":null}""")]
    [InlineData("""{"certificateRenewal":"soon"}""")]
    [InlineData("""{"certificateRenewal":{"notBefore":"2026-01-01T00:00:00Z"}}""")]
    [InlineData("""{"certificateRenewal":{"notBefore":"2026-01-09T00:00:00Z","notAfter":"2026-01-08T00:00:00Z"}}""")]
    [InlineData("""{"certificateRenewal":{"notBefore":"soon","notAfter":"2026-01-08T00:00:00Z"}}""")]
    public void What_is_no_window_counts_as_none(string carrier) => Assert.Null(RollWindowDocument.Find(JsonNode.Parse(carrier)!.AsObject()));
}
