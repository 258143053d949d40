using Perennial.Server.Commands;

return await CommandLine.RunAsync(args);
