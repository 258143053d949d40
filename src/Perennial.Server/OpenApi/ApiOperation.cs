using System.Text.Json.Serialization.Metadata;
using Perennial.Protocol;

namespace Perennial.Server.OpenApi;

/// <summary>One request of the REST API, as its document tells it.</summary>
/// <param name="Method">The method in capitals.</param>
/// <param name="Path">The route as it is mapped.</param>
/// <param name="Tag">The group that it stands in.</param>
/// <param name="Right">What the caller's policy must allow.</param>
/// <param name="Summary">What it does, in one sentence.</param>
internal sealed record ApiOperation(string Method, string Path, string Tag, string Right, string Summary)
{
    /// <summary>The document that is sent; null for none.</summary>
    public JsonTypeInfo? Request { get; init; }

    /// <summary>The document that is answered; null for none.</summary>
    public JsonTypeInfo? Answer { get; init; }

    /// <summary>Whether many of <see cref="Answer"/> are answered, as an array.</summary>
    public bool IsList { get; init; }

    /// <summary>Whether lists come by pages: size and continuation in headers.</summary>
    public bool HasPages { get; init; }

    /// <summary>Whether an ETag may be demanded by If-Match.</summary>
    public bool TakesIfMatch { get; init; }

    /// <summary>Query parameters beside the version, and what they take.</summary>
    public IReadOnlyList<(string Name, string Description)> Query { get; init; } = [];

    public ApiOperation Takes<T>()
        where T : class, IWireDocument<T> => this with { Request = T.TypeInfo };

    public ApiOperation Gives<T>()
        where T : class, IWireDocument<T> => this with { Answer = T.TypeInfo };

    public ApiOperation Gives(JsonTypeInfo answer) => this with { Answer = answer };

    public ApiOperation GivesMany<T>(bool byPages = false)
        where T : class, IWireDocument<T> => this with { Answer = T.TypeInfo, IsList = true, HasPages = byPages };

    public ApiOperation GivesMany(JsonTypeInfo answer, bool byPages = false) => this with { Answer = answer, IsList = true, HasPages = byPages };

    public ApiOperation ByPages() => this with { HasPages = true };

    public ApiOperation IfMatch() => this with { TakesIfMatch = true };

    public ApiOperation With(params (string Name, string Description)[] query) => this with { Query = [.. Query, .. query] };
}
