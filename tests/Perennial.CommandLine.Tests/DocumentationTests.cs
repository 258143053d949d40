using System.CommandLine;
using System.Text;
using Perennial.Server.Commands;
using Perennial.Server.Tests.Instances;

namespace Perennial.CommandLine.Tests;

/// <summary>What the documents say of the command line is what the command line says.</summary>
public sealed class DocumentationTests
{
    private const string Begin = "## Commands\n";

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "Perennial.slnx")))
            {
                folder = folder.Parent!;
            }

            return folder.FullName;
        }
    }

    [Fact]
    public async Task Every_command_stands_in_the_documents_with_its_options()
    {
        var path = Path.Combine(Root, "docs", "command-line.md");
        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var head = text[..(text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)];
        var pages = new StringBuilder(head);
        Write(pages, Server.Commands.CommandLine.CreateRoot(), "perennial", []);
        if (Environment.GetEnvironmentVariable("PERENNIAL_WRITE_DOCS") is not null)
        {
            await File.WriteAllTextAsync(path, pages.ToString(), TestContext.Current.CancellationToken);
            return;
        }

        Assert.True(text == pages.ToString(), "docs/command-line.md is not what the commands say. Write it anew: run this test with PERENNIAL_WRITE_DOCS=1.");
    }

    [Fact]
    public async Task The_fleet_of_the_examples_is_applied_as_it_stands()
    {
        await using var served = await ServedInstance.Open(TimeProvider.System).StartAsync();
        string[] apply = ["apply", "-f", Path.Combine(Root, "examples", "fleet", "fleet.yaml"), "--yes", "--data", served.Instance.Folder];

        Assert.Contains("4 to create", await Line.DoneAsync(apply), StringComparison.Ordinal);
        Assert.Equal("nothing to do", (await Line.DoneAsync(apply)).Trim());
    }

    private static void Write(StringBuilder pages, Command command, string path, IReadOnlyList<Option> inherited)
    {
        var options = command is RootCommand ? [] : command.Options.Concat(inherited).DistinctBy(option => option.Name).ToList();
        if (command is Verb verb)
        {
            var words = string.Concat(command.Arguments.Select(argument => $" {argument.Name.ToUpperInvariant()}"));
            pages.Append($"\n### {path}{words}\n\n{command.Description}\n\n```sh\n{verb.Example}\n```\n");
            WriteOptions(pages, command, options);
        }

        foreach (var below in command.Subcommands)
        {
            Write(pages, below, $"{path} {below.Name}", [.. options.Where(option => option.Recursive)]);
        }
    }

    private static void WriteOptions(StringBuilder pages, Command command, List<Option> options)
    {
        if (command.Arguments.Count + options.Count == 0)
        {
            return;
        }

        pages.Append("\n| | |\n| --- | --- |\n");
        foreach (var argument in command.Arguments)
        {
            pages.Append($"| `{argument.Name.ToUpperInvariant()}` | {Cell(argument.Description)} |\n");
        }

        foreach (var option in options)
        {
            var names = string.Join(", ", option.Aliases.Prepend(option.Name).Select(name => $"`{name}`"));
            pages.Append($"| {names}{(option.HelpName is { } value ? $" {value}" : string.Empty)}{(option.Required ? ", needed" : string.Empty)} | {Cell(option.Description)} |\n");
        }
    }

    private static string Cell(string? text) => text?.Replace("|", "\\|", StringComparison.Ordinal) ?? string.Empty;
}
