namespace Perennial.Server.Portal.Settings;

/// <summary>Secrets that were asked for.</summary>
/// <param name="Title">Whose they are, as a sentence.</param>
/// <param name="Lines">Each with its name.</param>
public sealed record KeysModel(string Title, IReadOnlyList<(string Name, string Text)> Lines)
{
    /// <summary>Without the secrets.</summary>
    public override string ToString() => Title;
}
