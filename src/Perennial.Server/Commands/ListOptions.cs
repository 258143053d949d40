using System.CommandLine;

namespace Perennial.Server.Commands;

/// <summary>What lists take.</summary>
internal static class ListOptions
{
    public static readonly Option<int?> Most = new("--top") { Description = "Lists so many at most. Default all.", HelpName = "N" };
}
