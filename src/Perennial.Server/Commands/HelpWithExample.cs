using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Perennial.Server.Commands;

/// <summary>The help of a command, and its example.</summary>
internal sealed class HelpWithExample(HelpAction help) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var result = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is Verb { Example: var example })
        {
            parseResult.InvocationConfiguration.Output.Write($"Example:\n  {example}\n\n");
        }

        return result;
    }
}
