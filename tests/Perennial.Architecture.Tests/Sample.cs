namespace Perennial.Architecture.Tests;

/// <summary>Small sources that show what a rule finds.</summary>
internal static class Sample
{
    public static SourceFile Of(string text) => SourceFile.Parse("src/Perennial.Hub/Devices/Sample.cs", text);
}
