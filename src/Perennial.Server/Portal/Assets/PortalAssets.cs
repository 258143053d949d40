using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Perennial.Server.Portal.Assets;

/// <summary>The portal's style, script and pictures: resources of the assembly, at addresses that change with their content, to be kept for ever.</summary>
public static class PortalAssets
{
    private const string Folder = "portal/";
    private const string Forever = "public, max-age=31536000, immutable";

    private static readonly FrozenDictionary<string, (string Path, string Type, byte[] Content)> ByName = Load();

    private static readonly FrozenDictionary<string, (string Type, byte[] Content)> ByPath =
        ByName.Values.ToFrozenDictionary(asset => asset.Path, asset => (asset.Type, asset.Content), StringComparer.Ordinal);

    /// <summary>The address of an asset.</summary>
    public static string Of(string name) => ByName[name].Path;

    /// <summary>Answers a request for an asset.</summary>
    /// <returns>Null when the request is for something else.</returns>
    public static Task? TryAnswer(HttpContext context)
    {
        if (!ByPath.TryGetValue(context.Request.Path.Value ?? string.Empty, out var asset))
        {
            return null;
        }

        context.Response.ContentType = asset.Type;
        context.Response.Headers.CacheControl = Forever;
        context.Response.ContentLength = asset.Content.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(asset.Content, context.RequestAborted).AsTask();
    }

    private static FrozenDictionary<string, (string Path, string Type, byte[] Content)> Load()
    {
        var assembly = typeof(PortalAssets).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Folder.Length..], name => Read(assembly.GetManifestResourceStream(name)!, name[Folder.Length..]), StringComparer.Ordinal);
    }

    private static (string Path, string Type, byte[] Content) Read(Stream resource, string name)
    {
        using var memory = new MemoryStream();
        resource.CopyTo(memory);
        resource.Dispose();
        var content = memory.ToArray();
        var hash = Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 6));
        var ending = Path.GetExtension(name);
        return ($"/assets/{Path.GetFileNameWithoutExtension(name)}.{hash}{ending}", TypeOf(ending), content);
    }

    private static string TypeOf(string ending) => ending switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        _ => "image/svg+xml",
    };
}
