using System.CommandLine;
using Perennial.Server.OpenApi;

namespace Perennial.Server.Commands;

/// <summary><c>perennial openapi</c>: the document of the REST API, as a server gives it at <c>/openapi.json</c>.</summary>
internal static class OpenApiCommand
{
    public static Command Create()
    {
        var command = new Verb("openapi", "Writes the OpenAPI document of the REST API. A server shows it at /openapi.json, and as a page at /scalar, on its HTTPS port.", "perennial openapi");
        command.SetAction((line, _) => WriteAsync(line));
        return command;
    }

    private static async Task<int> WriteAsync(ParseResult line)
    {
        await line.InvocationConfiguration.Output.WriteLineAsync(Answers.JsonOf(BuildApiDocument.Run()));
        return 0;
    }
}
