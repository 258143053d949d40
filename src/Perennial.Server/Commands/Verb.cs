using System.CommandLine;

namespace Perennial.Server.Commands;

/// <summary>A command that does something, with a line that runs as it stands: help shows it, the documentation holds it, a test runs it.</summary>
/// <param name="name">The word.</param>
/// <param name="description">What it does, in one sentence.</param>
/// <param name="example">A whole line that begins with <c>perennial</c>.</param>
internal sealed class Verb(string name, string description, string example) : Command(name, description)
{
    public string Example { get; } = example;
}
