namespace Perennial.Server.Tests.Mqtt;

/// <param name="IsSent">The device sends it; otherwise it is expected.</param>
/// <param name="Hex">The bytes, or <c>end</c>: the server ends the connection.</param>
/// <param name="Line">Where it stands in the file.</param>
internal sealed record TranscriptStep(bool IsSent, string Hex, int Line)
{
    public bool IsEnd => Hex == "end";

    public byte[] Bytes => Convert.FromHexString(Hex.Replace(" ", string.Empty, StringComparison.Ordinal));
}
