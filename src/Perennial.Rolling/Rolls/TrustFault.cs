namespace Perennial.Rolling.Rolls;

/// <summary>Why a new issuing authority cannot be trusted beside the old one.</summary>
/// <param name="Sentence">What stands in the way.</param>
/// <param name="Remedy">What mends it.</param>
public sealed record TrustFault(string Sentence, string Remedy)
{
    public override string ToString() => $"{Sentence} {Remedy}";
}
